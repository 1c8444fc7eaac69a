using System.Globalization;
using System.Text;
using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Faults.Ledger;

namespace Tickets.Faults.Matrix;

/// <summary>Keeps what tells of a run that failed: its history, logs, streams, consumers and messages.</summary>
internal static class Evidence
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly string[] Kept = ["TICKET_COMMANDS", "TICKET_DLQ", "TICKET_EVENTS"];

    /// <returns>The folder.</returns>
    public static async Task<string> KeepAsync(FaultRun run, RunReport report, string folder)
    {
        var place = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{report.Fault.Replace(' ', '-').Replace('/', '-')}-{report.Storage}-{report.Seed}"));
        Directory.CreateDirectory(place);
        await File.WriteAllLinesAsync(Path.Combine(place, "findings.txt"), [.. report.Findings, .. report.Ledger.All]);
        await File.WriteAllLinesAsync(Path.Combine(place, "history.jsonl"), run.Load.History.Select(sent => JsonSerializer.Serialize(sent)));
        for (var i = 0; i < run.Rig.Services.Count; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(place, $"service-{i}.log"), run.Rig.Services[i].Output);
        }

        foreach (var node in run.Rig.Nodes)
        {
            await File.WriteAllTextAsync(Path.Combine(place, $"{node.Name}.log"), node.Log);
        }

        await KeepStreamsAsync(run.Rig.Nats, place);
        return place;
    }

    private static async Task KeepStreamsAsync(NatsConnection nats, string place)
    {
        try
        {
            var jetStream = new NatsJSContext(nats);
            await foreach (var stream in jetStream.ListStreamsAsync())
            {
                await File.AppendAllTextAsync(Path.Combine(place, "streams.json"), JsonSerializer.Serialize(stream.Info, Indented));
                await foreach (var consumer in stream.ListConsumersAsync())
                {
                    await File.AppendAllTextAsync(Path.Combine(place, "streams.json"), JsonSerializer.Serialize(consumer.Info, Indented));
                }
            }

            foreach (var name in Kept)
            {
                await KeepMessagesAsync(await jetStream.GetStreamAsync(name), Path.Combine(place, $"{name}.txt"));
            }
        }
        catch (NatsException e)
        {
            await File.WriteAllTextAsync(Path.Combine(place, "streams.txt"), $"could not be read: {e}");
        }
    }

    // One by one: a work queue takes no second consumer.
    private static async Task KeepMessagesAsync(INatsJSStream stream, string file)
    {
        var state = stream.Info.State;
        await using var writer = new StreamWriter(file);
        for (var sequence = state.FirstSeq; sequence <= state.LastSeq && state.Messages > 0; sequence++)
        {
            try
            {
                var message = (await stream.GetAsync(new StreamMsgGetRequest { Seq = sequence })).Message;
                await writer.WriteLineAsync($"{sequence} {message.Time:O} {message.Subject} {MessageHeaders.Text(message.Hdrs).ReplaceLineEndings(" | ")} {Encoding.UTF8.GetString(message.Data.Span)}");
            }
            catch (NatsJSApiException)
            {
                // It is gone, as most of a work queue are.
            }
        }
    }
}
