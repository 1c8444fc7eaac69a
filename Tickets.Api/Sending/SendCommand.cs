using System.Text;
using System.Text.Json;
using JasperFx.CommandLine;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Tickets.Api.CommandLine;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Sending;

/// <summary><c>send TENANT VERB BODY</c>: publishes a command as any other service can, and shows what became of it.</summary>
[Description("Publish a command and show its outcome; for instance: send acme create '{\"title\": \"Printer on fire\", \"created_by\": \"ada\"}'", Name = "send")]
public sealed class SendCommand : OperatorCommand<SendInput>
{
    private const int FirstFailure = 400;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(SendInput input, IHost host)
    {
        try
        {
            var body = await input.ReadBodyAsync();
            return await SendAsync(input, body, host.Services.GetRequiredService<IWolverineRuntime>().Options.NatsTransport().JetStream);
        }
        catch (JsonException e)
        {
            return Fail(input, $"the command is no JSON: {e.Message}");
        }
    }

    /// <inheritdoc/>
    protected override string NatsFault(SendInput input, Exception fault) => $"NATS did not confirm the command: {fault.Message.TrimEnd('.')}; {Again(input)}";

    private static async Task<bool> SendAsync(SendInput input, string body, INatsJSContext jetStream)
    {
        var id = input.IdFlag ?? Guid.CreateVersion7().ToString();
        var inbox = jetStream.Connection.NewInbox();
        await using var answers = await jetStream.Connection.SubscribeCoreAsync<byte[]>(inbox);
        var ack = await jetStream.PublishAsync(
            Subjects.Command(input.Tenant, input.Verb),
            Encoding.UTF8.GetBytes(body),
            opts: new NatsJSPubOpts { MsgId = id, ExpectedStream = Subjects.CommandStream },
            headers: new NatsHeaders
            {
                [CommandHeaders.ReplyTo] = inbox,
                [CommandHeaders.Actor] = input.ActorFlag,
                [CommandHeaders.Door] = nameof(Door.Cli),
            });
        if (ack.Error is { } error)
        {
            Printout.Fault($"the stream refused it: {error.Description}");
            return false;
        }

        if (ack.Duplicate)
        {
            Printout.Fault($"a command with the id {id} was sent a moment ago, by whomever; send this one again, a repeat takes effect once");
            return false;
        }

        Printout.Well($"{id} is accepted, at sequence {ack.Seq}");
        return input.WaitFlag == 0 || await HearAsync(input, answers);
    }

    private static async Task<bool> HearAsync(SendInput input, INatsSub<byte[]> answers)
    {
        try
        {
            var answer = await answers.Msgs.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(input.WaitFlag));
            var outcome = JsonSerializer.Deserialize(answer.Data, WireJson.Default.CommandOutcome)!;
            var tookEffect = outcome.Status < FirstFailure;
            Action<string> print = tookEffect ? Printout.Well : Printout.Fault;
            print($"{outcome.Status} {outcome.Body}");
            return tookEffect;
        }
        catch (TimeoutException)
        {
            Printout.Fault($"no outcome within {input.WaitFlag} s: it is accepted and will take effect, or end among the dead letters (./tickets dlq list)");
            return false;
        }
    }

    private static string Again(SendInput input) => input.IdFlag is null
        ? "it may be stored all the same; with --id a repeat would be safe"
        : "send it again with the same --id, that is safe";
}
