namespace Tickets.Handlers.Storage;

/// <summary>The process stops while a command waits for room in the outbox. Nothing was written: another delivery does it.</summary>
public sealed class OutboxFullException() : Exception("The outbox is full, and the process stops.");
