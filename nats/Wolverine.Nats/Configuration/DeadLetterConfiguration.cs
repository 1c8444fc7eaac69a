namespace Wolverine.Nats.Configuration;

/// <summary>Where deliveries go that can never be handled.</summary>
/// <param name="SubjectOf">
/// Maps the original subject and the tenant (null when it could not be read) to the subject in the dead-letter stream.
/// </param>
public sealed record DeadLetterConfiguration(Func<string, string?, string> SubjectOf);
