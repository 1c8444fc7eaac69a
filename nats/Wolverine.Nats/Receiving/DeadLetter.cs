using Wolverine.Nats.Mapping;

namespace Wolverine.Nats.Receiving;

/// <summary>A message that was given up.</summary>
/// <param name="Envelope">As far as it could be read: the tenant, type and headers may be missing.</param>
/// <param name="Message">Subject and headers as they arrived.</param>
/// <param name="Reason">Why, in one line.</param>
/// <param name="Exception">What was thrown; null when nothing was, or it is known by name alone.</param>
public sealed record DeadLetter(Envelope Envelope, NatsMessage Message, string Reason, Exception? Exception);
