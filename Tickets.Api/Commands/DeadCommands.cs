using System.Diagnostics;
using FluentValidation;
using Tickets.Api.Routes;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers.Units;
using Wolverine;
using Wolverine.Nats.Receiving;
using Wolverine.Runtime;

namespace Tickets.Api.Commands;

/// <summary>Answers whoever waits for a command that was dead-lettered.</summary>
internal static class DeadCommands
{
    /// <summary>Writes the problem into the ledger, where the tenant is known, and sends it to the inbox that the command names.</summary>
    public static async Task AnswerAsync(DeadLetter letter, IWolverineRuntime runtime)
    {
        var problem = ProblemOf(letter);
        var outcome = TenantOf(letter) is { } tenant
            ? await runtime.Services.GetRequiredService<CommandFailures>().RecordAsync(
                tenant, letter.Envelope.Id, letter.Message.Header(CommandHeaders.Fingerprint), problem, runtime.Cancellation)
            : CommandOutcome.Of(problem);
        var replyTo = letter.Message.Header(CommandHeaders.ReplyTo);
        if (CommandHeaders.MayAnswer(replyTo, TenantOf(letter))
            && !runtime.Services.GetRequiredService<ILocalCallers>().TryAnswer(replyTo!, letter.Envelope.Id, outcome))
        {
            var reply = runtime.RoutingFor(typeof(CommandOutcome))
                .RouteForPublish(outcome, new DeliveryOptions().WithHeader(CommandHeaders.ReplyTo, replyTo!)).Single();
            reply.ConversationId = letter.Envelope.Id;
            await runtime.Endpoints.GetOrBuildSendingAgent(reply.Destination!).EnqueueOutgoingAsync(reply);
        }
    }

    // Of a message that can't be read, such as one with an unknown verb, the subject still tells, and a server lets nobody write another's there.
    private static string? TenantOf(DeadLetter letter) =>
        letter.Envelope.TenantId
        ?? (letter.Message.Subject.Split('.').ElementAtOrDefault(Subjects.TenantToken) is { } token && TenantName.IsValid(token) ? token : null);

    private static Problem ProblemOf(DeadLetter letter)
    {
        var trace = TraceOf(letter);
        return letter.Exception switch
        {
            ValidationException invalid => Rejected("The command breaks a rule.", trace) with
            {
                Errors = invalid.Errors.GroupBy(error => error.PropertyName, error => error.ErrorMessage)
                    .ToDictionary(group => group.Key, group => group.ToArray()),
            },
            ForgedReplayException forged => Rejected(forged.Message, trace),
            null or WolverineSerializationException => Unreadable(letter, trace),
            _ => new Problem(
                StatusCodes.Status500InternalServerError,
                "command_failed",
                "Internal Server Error",
                "The command was tried several times and given up; an operator finds it among the dead letters.")
            { TraceId = trace },
        };
    }

    // It has no message: its subject or its body is nothing that can be read.
    private static Problem Unreadable(DeadLetter letter, string? trace)
    {
        var rejected = Rejected(letter.Reason, trace);
        return TenantOf(letter) is null
                ? rejected with { Code = ProblemCodes.InvalidTenant, Errors = Error("tenant", $"must be {TenantName.Rule}") }
            : letter.Envelope.Data is { Length: > 0 } ? rejected
            : rejected with { Errors = Error("body", JsonFault.Missing) };
    }

    // The sender's; or, where it sent none, the one that the handler or its instrumentation began.
    private static string? TraceOf(DeadLetter letter)
    {
        string?[] known = [letter.Message.Header(CommandHeaders.TraceParent), letter.Envelope.ParentId, Activity.Current?.Id];
        return known.Select(parent => ActivityContext.TryParse(parent, null, out var trace) ? trace.TraceId.ToString() : null)
            .FirstOrDefault(trace => trace is not null);
    }

    private static Dictionary<string, string[]> Error(string field, string message) => new() { [field] = [message] };

    private static Problem Rejected(string detail, string? trace) =>
        new(StatusCodes.Status400BadRequest, ProblemCodes.ValidationFailed, "Bad Request", detail) { TraceId = trace };
}
