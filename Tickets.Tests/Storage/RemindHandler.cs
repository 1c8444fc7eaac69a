using System.Collections.Concurrent;

namespace Tickets.Tests.Storage;

public static class RemindHandler
{
    public static ConcurrentBag<Guid> Handled { get; } = [];

    public static void Handle(Remind reminder) => Handled.Add(reminder.Id);
}
