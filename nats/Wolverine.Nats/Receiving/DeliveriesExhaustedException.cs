namespace Wolverine.Nats.Receiving;

/// <summary>A message was delivered as often as it may be, and no process has finished it.</summary>
/// <param name="deliveries">How often it was delivered.</param>
public sealed class DeliveriesExhaustedException(ulong deliveries)
    : Exception($"delivered {deliveries} times and never finished; the process may die of it");
