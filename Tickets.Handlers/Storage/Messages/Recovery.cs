using Microsoft.Extensions.Logging;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Runtime;

namespace Tickets.Handlers.Storage.Messages;

/// <summary>Takes up what nobody is working on: after a crash, after a lost send or delete, or because its time has come.</summary>
internal sealed class Recovery(
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

    /// <summary>Frees everything an earlier process left behind. Runs before this process stores anything.</summary>
    public Task ReleaseAllAsync() => store.Admin.ReleaseAllOwnershipAsync();

    /// <summary>One round.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await outbox.ReleaseAsync(clock.GetUtcNow() - (Durability.OutboxStaleTime ?? DefaultStaleTime));
        foreach (var destination in await outbox.FreeDestinationsAsync())
        {
            await SendAgainAsync(destination, cancellation);
        }

        await deadLetters.ReplayMarkedAsync();
        await HandleDueAsync();
        await incoming.DeleteExpiredAsync(clock.GetUtcNow());
    }

    // The message id deduplicates what was sent before the crash.
    private async Task SendAgainAsync(Uri destination, CancellationToken cancellation)
    {
        var agent = runtime.Endpoints.GetOrBuildSendingAgent(destination);
        while (!agent.Latched && !cancellation.IsCancellationRequested && (await outbox.LoadOutgoingAsync(destination)).Count > 0)
        {
            await new RecoverOutgoingMessagesCommand(agent, store, _logger).ExecuteAsync(runtime, cancellation);
        }
    }

    private async Task HandleDueAsync()
    {
        while (await incoming.DueOrFreeAsync(clock.GetUtcNow()) is { Count: > 0 } due)
        {
            await incoming.ClaimAsync(due, Durability.AssignedNodeNumber);
            foreach (var envelope in due)
            {
                envelope.Status = EnvelopeStatus.Incoming;
                envelope.OwnerId = Durability.AssignedNodeNumber;
            }

            await runtime.EnqueueDirectlyAsync(due);
        }
    }
}
