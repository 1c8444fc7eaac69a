namespace Wolverine.Nats.Configuration;

/// <summary>Where deliveries go that can never be handled.</summary>
/// <param name="SubjectOf">
/// Maps the original subject and the tenant (null when it could not be read) to the subject in the dead-letter stream.
/// </param>
/// <param name="Filter">Covers every such subject; null when it is not known in advance.</param>
internal sealed record DeadLetterConfiguration(Func<string, string?, string> SubjectOf, string? Filter)
{
    public static DeadLetterConfiguration To(string subject) => new((_, _) => subject, NatsSubject.Publishable(subject));
}
