using System.Diagnostics;
using Tickets.Api.Admission;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;
using Wolverine;
using Wolverine.Nats;
using Wolverine.Nats.Sending;
using Wolverine.Runtime;
using Wolverine.Runtime.RemoteInvocation;

namespace Tickets.Api.Commands;

/// <summary>Puts commands into the work queue and waits for their outcome.</summary>
public sealed class CommandSender(
    IWolverineRuntime runtime, GroupCommitter committer, OutboxDepth outbox, CommandWithdrawal withdrawal, ShedRequests shed)
{
    // What is left of the caller's time after this share decides whether an unconfirmed command is withdrawn.
    private const double ShareForPublishing = 0.6;

    private readonly NatsTransport _nats = runtime.Options.NatsTransport();

    /// <summary>Sends a command.</summary>
    /// <param name="command">A valid command.</param>
    /// <param name="key">What it shares with other commands, of which one takes effect; null for nothing.</param>
    /// <param name="request">Its circumstances.</param>
    /// <param name="cancellation">The caller went away. What is on its way goes on.</param>
    public async Task<CommandResult> SendAsync(
        object command, SharedKey? key, CommandRequest request, CancellationToken cancellation)
    {
        if (!committer.Healthy)
        {
            return new CommandResult.Unavailable();
        }

        if (outbox.IsFull)
        {
            shed.Count(RequestKind.Write);
            return new CommandResult.Overloaded();
        }

        var limit = request.Wait ?? _nats.Configuration.RequestTimeout;
        var started = Stopwatch.StartNew();
        var envelope = EnvelopeOf(command, key, request);
        var outcome = request.Wait is null ? null : ListenFor(envelope, limit, cancellation);
        if (await PublishAsync(envelope, limit * ShareForPublishing) is not { } fault)
        {
            return outcome is null ? new CommandResult.Accepted(envelope.Id) : await WaitAsync(envelope.Id, outcome);
        }

        Forget(outcome);
        var result = await WithdrawAsync(request.Tenant, envelope.Id, limit - started.Elapsed);
        return result is CommandResult.Unavailable && fault is PublishRefusedException { Permanent: true } ? new CommandResult.TooLarge(envelope.Data!.Length) : result;
    }

    private static async Task<CommandResult> WaitAsync(Guid id, Task<CommandOutcome> reply)
    {
        try
        {
            var outcome = await reply;
            return new CommandResult.Answered(outcome, outcome.Replayed);
        }
        catch (Exception e) when (e is TimeoutException or WolverineRequestReplyException or OperationCanceledException)
        {
            return new CommandResult.Accepted(id);
        }
    }

    private async Task<CommandResult> WithdrawAsync(string tenant, Guid id, TimeSpan limit)
    {
        try
        {
            return await withdrawal.WithdrawAsync(tenant, id, limit) is { } settled ? new CommandResult.Answered(settled) : new CommandResult.Unavailable();
        }
        catch (TimeoutException)
        {
            return new CommandResult.Unknown(id);
        }
    }

    private Task<CommandOutcome> ListenFor(Envelope envelope, TimeSpan limit, CancellationToken cancellation)
    {
        var outcome = runtime.Replies.RegisterListener<CommandOutcome>(envelope, cancellation, limit);

        // The limit is the caller's patience, not the command's: a command must never expire.
        envelope.DeliverBy = null;
        return outcome;
    }

    private Envelope EnvelopeOf(object command, SharedKey? key, CommandRequest request)
    {
        var options = new DeliveryOptions { TenantId = request.Tenant };
        Add(CommandHeaders.Door, request.Door.ToString());
        Add(CommandHeaders.Actor, request.Actor);
        Add(CommandHeaders.CorrelationId, request.CorrelationId);
        Add(CommandHeaders.KeyId, key?.Id.ToString());
        Add(CommandHeaders.Fingerprint, key?.Fingerprint);
        Add(CommandHeaders.TraceParent, Activity.Current?.Id);
        Add(CommandHeaders.ReplyTo, request.Wait is null ? null : _nats.ReplySubject);
        var envelope = runtime.RoutingFor(command.GetType()).RouteForPublish(command, options).Single();
        envelope.Id = TimedId.New();
        return envelope;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                options.WithHeader(name, value);
            }
        }
    }

    // Why it is not known to be stored; null when it is.
    private async Task<Exception?> PublishAsync(Envelope envelope, TimeSpan limit)
    {
        var agent = runtime.Endpoints.GetOrBuildSendingAgent(envelope.Destination!);
        try
        {
            await agent.EnqueueOutgoingAsync(envelope).AsTask().WaitAsync(limit);
            return null;
        }
        catch (Exception e) when (e is PublishException or TimeoutException)
        {
            return e;
        }
    }

    private static void Forget(Task? outcome) =>
        outcome?.ContinueWith(static task => task.Exception, TaskContinuationOptions.OnlyOnFaulted);
}
