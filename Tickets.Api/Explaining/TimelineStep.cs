namespace Tickets.Api.Explaining;

/// <summary>Something that happened.</summary>
/// <param name="At">When; null when nobody has written that down.</param>
/// <param name="Where">Where: request, command, database, outbox, a stream, a consumer, notification.</param>
/// <param name="What">What.</param>
public sealed record TimelineStep(DateTimeOffset? At, string Where, string What);
