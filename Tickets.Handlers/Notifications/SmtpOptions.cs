namespace Tickets.Handlers.Notifications;

/// <summary>Where mail is sent.</summary>
/// <param name="Host">The server.</param>
/// <param name="Port">Its port.</param>
/// <param name="Tls">True for TLS from the first byte; false for STARTTLS where the server offers it.</param>
/// <param name="From">The sender's address.</param>
/// <param name="To">Who gets what is meant for nobody with an address.</param>
public sealed record SmtpOptions(string Host, int Port, bool Tls, string From, string To)
{
    /// <summary>The user to log in as; null for none.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>How long one mail may take. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
