using System.Diagnostics;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Commands;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;
using Wolverine;
using Wolverine.Nats;
using Wolverine.Nats.Sending;
using Wolverine.Runtime;
using Wolverine.Runtime.RemoteInvocation;

namespace Tickets.Api.Commands;

/// <summary>Puts commands into the work queue and waits for their outcome.</summary>
public sealed class CommandSender(IWolverineRuntime runtime, GroupCommitter committer, CommandWithdrawal withdrawal)
{
    // What is left of the caller's time after this share decides whether an unconfirmed command is withdrawn.
    private const double ShareForPublishing = 0.6;

    private readonly NatsTransport _nats = runtime.Options.NatsTransport();

    /// <summary>Sends a command.</summary>
    /// <param name="command">A valid command.</param>
    /// <param name="tenant">A valid tenant.</param>
    /// <param name="wait">How long to wait for the outcome; null answers as soon as the command is durable.</param>
    /// <param name="cancellation">The caller went away.</param>
    public async Task<CommandResult> SendAsync(object command, string tenant, TimeSpan? wait, CancellationToken cancellation)
    {
        if (!committer.Healthy)
        {
            return new CommandResult.Unavailable();
        }

        var limit = wait ?? _nats.Configuration.RequestTimeout;
        var started = Stopwatch.StartNew();
        var envelope = EnvelopeOf(command, tenant, wait is not null);
        var outcome = wait is null ? null : ListenFor(envelope, limit, cancellation);
        if (await TryPublishAsync(envelope, limit * ShareForPublishing))
        {
            return outcome is not null && await OutcomeAsync(outcome) is { } answer
                ? new CommandResult.Answered(answer)
                : new CommandResult.Accepted(envelope.Id);
        }

        Forget(outcome);
        return await withdrawal.WithdrawAsync(tenant, envelope.Id, limit - started.Elapsed) is { } settled
            ? new CommandResult.Answered(settled)
            : new CommandResult.Unavailable();
    }

    private Task<CommandOutcome> ListenFor(Envelope envelope, TimeSpan limit, CancellationToken cancellation)
    {
        var outcome = runtime.Replies.RegisterListener<CommandOutcome>(envelope, cancellation, limit);

        // The limit is the caller's patience, not the command's: a command must never expire.
        envelope.DeliverBy = null;
        return outcome;
    }

    private Envelope EnvelopeOf(object command, string tenant, bool reply)
    {
        var options = new DeliveryOptions { TenantId = tenant }.WithHeader(CommandHeaders.Door, nameof(Door.Http));
        if (Activity.Current?.Id is { } traceParent)
        {
            options.WithHeader(CommandHeaders.TraceParent, traceParent);
        }

        if (reply)
        {
            options.WithHeader(CommandHeaders.ReplyTo, _nats.ReplySubject!);
        }

        var envelope = runtime.RoutingFor(command.GetType()).RouteForPublish(command, options).Single();
        envelope.Id = Guid.CreateVersion7();
        return envelope;
    }

    private async Task<bool> TryPublishAsync(Envelope envelope, TimeSpan limit)
    {
        var agent = runtime.Endpoints.GetOrBuildSendingAgent(envelope.Destination!);
        try
        {
            await agent.EnqueueOutgoingAsync(envelope).AsTask().WaitAsync(limit);
            return true;
        }
        catch (Exception e) when (e is PublishException or TimeoutException)
        {
            return false;
        }
    }

    private static async Task<CommandOutcome?> OutcomeAsync(Task<CommandOutcome> outcome)
    {
        try
        {
            return await outcome;
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (WolverineRequestReplyException)
        {
            // The handler gave the command up; it is dead-lettered, and the operation tells so.
            return null;
        }
    }

    private static void Forget(Task? outcome) =>
        outcome?.ContinueWith(static task => task.Exception, TaskContinuationOptions.OnlyOnFaulted);
}
