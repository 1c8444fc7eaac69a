namespace Wolverine.Nats;

/// <summary>Builds and reads the addresses of NATS endpoints: <c>nats://subject/{subject}</c>.</summary>
public static class NatsEndpointUri
{
    private const string Host = "subject";

    /// <summary>The address of a subject on the default broker.</summary>
    /// <param name="subject">A NATS subject; wildcards and <c>$</c> are kept by percent-encoding.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static Uri Subject(string subject) => Subject(NatsTransport.ProtocolName, subject);

    /// <summary>The address of a subject on a named broker: the broker's name is the scheme.</summary>
    /// <param name="broker">The broker's name.</param>
    /// <param name="subject">As for <see cref="Subject(string)"/>.</param>
    /// <exception cref="ArgumentException">One of them is empty.</exception>
    public static Uri Subject(string broker, string subject)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(broker);
        ArgumentException.ThrowIfNullOrWhiteSpace(subject);
        return new Uri($"{broker}://{Host}/{Uri.EscapeDataString(subject)}");
    }

    /// <summary>The subject in an address made by <see cref="Subject(string)"/>.</summary>
    /// <exception cref="ArgumentException">The address is of another form.</exception>
    public static string SubjectOf(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return IsSubject(uri)
            ? Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'))
            : throw new ArgumentException($"'{uri}' is no NATS endpoint; write nats://subject/<subject>.", nameof(uri));
    }

    internal static bool IsSubject(Uri uri) => uri.Host == Host && uri.AbsolutePath.Length > 1;
}
