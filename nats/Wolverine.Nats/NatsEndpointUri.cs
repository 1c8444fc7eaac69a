namespace Wolverine.Nats;

/// <summary>Builds and reads the addresses of NATS endpoints: <c>nats://subject/{subject}</c>.</summary>
public static class NatsEndpointUri
{
    private const string Host = "subject";

    /// <summary>The address of a subject.</summary>
    /// <param name="subject">A NATS subject; wildcards and <c>$</c> are kept by percent-encoding.</param>
    public static Uri Subject(string subject) =>
        new($"{NatsTransport.ProtocolName}://{Host}/{Uri.EscapeDataString(subject)}");

    /// <summary>The subject in an address made by <see cref="Subject"/>.</summary>
    /// <exception cref="ArgumentException">The address is of another form.</exception>
    public static string SubjectOf(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var subject = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        return uri.Host == Host && subject.Length > 0
            ? subject
            : throw new ArgumentException($"'{uri}' is no NATS endpoint; write nats://subject/<subject>.", nameof(uri));
    }
}
