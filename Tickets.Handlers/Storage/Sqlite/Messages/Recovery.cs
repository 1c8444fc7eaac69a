using Microsoft.Extensions.Logging;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Runtime;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>Takes up what nobody is working on: after a crash, after a lost send or delete, or because its time has come.</summary>
/// <remarks>
/// In solo mode Wolverine itself frees, before it starts any endpoint, whatever an earlier process owned. Everything
/// that has an owner here is therefore this process's own.
/// </remarks>
internal sealed partial class Recovery(
    IncomingQueries incoming,
    Outbox outbox,
    DeadLetters deadLetters,
    IMessageStore store,
    IWolverineRuntime runtime,
    TimeProvider clock)
{
    private static readonly TimeSpan DefaultStaleTime = TimeSpan.FromMinutes(1);
    private readonly ILogger _logger = runtime.LoggerFactory.CreateLogger<Recovery>();

    private DurabilitySettings Durability => runtime.Options.Durability;

    /// <summary>One round. What fails in it is told, keeps nothing else from happening, and is tried again in the next.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await TryAsync("freeing stale outgoing messages", FreeStaleAsync, cancellation);
        await TryAsync("sending again", SendAgainAsync, cancellation);
        await TryAsync("replaying dead letters", _ => deadLetters.ReplayMarkedAsync(), cancellation);
        await TryAsync("handling what is due", HandleDueAsync, cancellation);
        await TryAsync("deleting what has expired", DeleteExpiredAsync, cancellation);
    }

    private Task FreeStaleAsync(CancellationToken cancellation) =>
        outbox.ReleaseAsync(clock.GetUtcNow() - (Durability.OutboxStaleTime ?? DefaultStaleTime));

    private async Task SendAgainAsync(CancellationToken cancellation)
    {
        foreach (var (destination, count) in await outbox.FreeDestinationsAsync())
        {
            await TryAsync($"sending again to {destination}", token => SendAgainAsync(new Uri(destination), count, token), cancellation);
        }
    }

    // The message id deduplicates what was sent before the crash.
    private async Task SendAgainAsync(Uri destination, long count, CancellationToken cancellation)
    {
        var agent = runtime.Endpoints.GetOrBuildSendingAgent(destination);
        for (var left = count; left > 0 && !agent.Latched && !cancellation.IsCancellationRequested; left -= Outbox.Page)
        {
            await new RecoverOutgoingMessagesCommand(agent, store, _logger).ExecuteAsync(runtime, cancellation);
        }
    }

    private async Task HandleDueAsync(CancellationToken cancellation)
    {
        // What its queue refuses comes back free. It is for the next round, and must not hide the rest in this one.
        List<Envelope> tried = [];
        while (!cancellation.IsCancellationRequested)
        {
            var now = clock.GetUtcNow();
            var due = await incoming.DueOrFreeAsync(now, tried);
            if (due.Count == 0)
            {
                return;
            }

            tried.AddRange(due);
            var mine = await incoming.ClaimAsync(due, Durability.AssignedNodeNumber, now);
            await runtime.EnqueueDirectlyAsync(mine);
        }
    }

    private async Task DeleteExpiredAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await incoming.DeleteExpiredAsync(now);
        if (Durability.DeadLetterQueueExpirationEnabled)
        {
            await deadLetters.DeleteFailedBeforeAsync(now - Durability.DeadLetterQueueExpiration);
        }
    }

    private async Task TryAsync(string what, Func<CancellationToken, Task> step, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await step(cancellation);
        }
#pragma warning disable CA1031 // The rounds must outlive every fault, or a later message would wait for ever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!cancellation.IsCancellationRequested)
            {
                LogFailed(_logger, e, what);
            }
        }
    }

    [LoggerMessage(3010, LogLevel.Error, "Message recovery failed at {Step}; the next round tries again")]
    private static partial void LogFailed(ILogger logger, Exception exception, string step);
}
