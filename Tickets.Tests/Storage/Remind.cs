namespace Tickets.Tests.Storage;

public sealed record Remind(Guid Id);
