using System.Data.Common;
using Tickets.Handlers.Storage;
using Wolverine.Persistence.Durability;

namespace Tickets.Api.Diagnostics.Doctor;

/// <summary>Looks at the database's safety, and at what waits in it to be sent.</summary>
internal sealed class StorageExamination(
    IDatabaseExamination database, IOutgoingMessages outbox, OutboxLimit limit, IMessageStore store, TimeProvider clock) : IExamination
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<Diagnosis>> ExamineAsync(CancellationToken cancellation)
    {
        try
        {
            return [.. await database.ExamineAsync(cancellation), await OutboxAsync(cancellation), await UnsendableAsync()];
        }
        catch (Exception e) when (e is DbException or IOException)
        {
            // Its own line tells already.
            return [];
        }
    }

    private async Task<Diagnosis> OutboxAsync(CancellationToken cancellation)
    {
        var state = await outbox.LookAsync(limit.Messages, cancellation);
        var age = state.AgeAt(clock.GetUtcNow());
        return new Diagnosis(
            "events are sent",
            age <= Long ? null : $"{state.Messages} events have waited for up to {age.TotalSeconds:0} s; they are sent when a service runs and TICKET_EVENTS takes them (./tickets cluster)");
    }

    private async Task<Diagnosis> UnsendableAsync()
    {
        var count = (await store.Admin.FetchCountsAsync()).DeadLetter;
        return new Diagnosis(
            "nothing is unsendable",
            count == 0 ? null : $"what {count} change(s) had to tell no stream takes; the log of the service says why. When that is mended, ./tickets republish publishes their events, but for notifications",
            IsSerious: false);
    }
}
