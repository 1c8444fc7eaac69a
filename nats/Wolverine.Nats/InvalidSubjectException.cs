namespace Wolverine.Nats;

/// <summary>A subject that NATS must not be given.</summary>
/// <param name="subject">The subject as it was asked for.</param>
/// <param name="fault">What is wrong with it.</param>
public sealed class InvalidSubjectException(string subject, string fault)
    : Exception($"'{Start(subject)}' is no usable NATS subject: {fault}.")
{
    private const int MostShown = 100;

    /// <summary>The subject as it was asked for.</summary>
    public string Subject { get; } = subject;

    // It goes into logs, and strangers may have named it.
    private static string Start(string subject) => subject?.Length > MostShown ? $"{subject[..MostShown]}…" : subject ?? string.Empty;
}
