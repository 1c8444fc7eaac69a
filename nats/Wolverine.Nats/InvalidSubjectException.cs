namespace Wolverine.Nats;

/// <summary>A subject that NATS must not be given.</summary>
/// <param name="subject">The subject as it was asked for.</param>
/// <param name="fault">What is wrong with it.</param>
public sealed class InvalidSubjectException(string subject, string fault)
    : Exception($"'{subject}' is no usable NATS subject: {fault}.")
{
    /// <summary>The subject as it was asked for.</summary>
    public string Subject { get; } = subject;
}
