using System.Text;
using System.Text.Json;
using JasperFx.CommandLine;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Tickets.Api.CommandLine;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Commands;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Sending;

/// <summary><c>send TENANT VERB BODY</c>: publishes a command as any other service can, and shows what became of it.</summary>
[Description("Publish a command and show its outcome; for instance: send acme create '{\"title\": \"Printer on fire\", \"created_by\": \"ada\"}'", Name = "send")]
public sealed class SendCommand : OperatorCommand<SendInput>
{
    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(SendInput input, IHost host)
    {
        try
        {
            var body = await input.ReadBodyAsync();
            return await SendAsync(input, body, host.Services);
        }
        catch (JsonException e)
        {
            return Fail(input, $"the command is no JSON: {e.Message}");
        }
    }

    /// <inheritdoc/>
    protected override string NatsFault(SendInput input, Exception fault) => $"NATS did not confirm the command: {fault.Message.TrimEnd('.')}; {Again(input)}";

    private async Task<bool> SendAsync(SendInput input, string body, IServiceProvider services)
    {
        var jetStream = services.GetRequiredService<IWolverineRuntime>().Options.NatsTransport().JetStream;
        var id = input.IdFlag ?? Guid.CreateVersion7().ToString();
        var inbox = jetStream.Connection.NewInbox();
        await using var answers = await jetStream.Connection.SubscribeCoreAsync<byte[]>(inbox);
        var ack = await jetStream.PublishAsync(
            Subjects.Command(input.Tenant, input.Verb),
            Encoding.UTF8.GetBytes(body),
            opts: new NatsJSPubOpts { MsgId = id, ExpectedStream = Subjects.CommandStream },
            headers: HeadersOf(input, inbox));
        if (ack.Error is { } error)
        {
            return Fail(input, $"the stream refused it: {error.Description}");
        }

        if (!input.JsonFlag)
        {
            Printout.Well(ack.Duplicate ? $"{id} is in the stream already; it takes effect once" : $"{id} is accepted, at sequence {ack.Seq}");
        }

        // A repeat that the stream recognises is delivered to nobody, so nobody answers it.
        var isAnswered = !ack.Duplicate && input.WaitFlag > 0;
        var outcome = isAnswered ? await HearAsync(input, answers) : null;
        Tell(input, new SentCommand(id, ack.Seq, ack.Duplicate, outcome), services);
        return !isAnswered || outcome?.Status < CommandOutcome.FirstRefusal || (outcome is null && Fail(
            input, $"no outcome within {input.WaitFlag} s: it is accepted and will take effect, or end among the dead letters (./tickets dlq list)"));
    }

    private static NatsHeaders HeadersOf(SendInput input, string inbox)
    {
        var headers = new NatsHeaders { [CommandHeaders.ReplyTo] = inbox, [CommandHeaders.Door] = nameof(Door.Cli) };
        if (input.ActorFlag is not null)
        {
            headers[CommandHeaders.Actor] = input.ActorFlag;
        }

        return headers;
    }

    private static async Task<CommandOutcome?> HearAsync(SendInput input, INatsSub<byte[]> answers)
    {
        try
        {
            var answer = await answers.Msgs.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(input.WaitFlag));
            return JsonSerializer.Deserialize(answer.Data, WireJson.Default.CommandOutcome);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static void Tell(SendInput input, SentCommand sent, IServiceProvider services)
    {
        if (input.JsonFlag)
        {
            Printout.Write(sent, services);
        }
        else if (sent.Outcome is { } outcome)
        {
            Action<string> print = outcome.Status < CommandOutcome.FirstRefusal ? Printout.Well : Printout.Fault;
            print($"{outcome.Status} {outcome.Body}");
        }
    }

    private static string Again(SendInput input) => input.IdFlag is null
        ? "it may be stored all the same; with --id a repeat would be safe"
        : "send it again with the same --id, that is safe";
}
