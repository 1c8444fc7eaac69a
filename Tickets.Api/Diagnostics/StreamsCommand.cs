using System.Buffers;
using JasperFx.CommandLine;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Api.CommandLine;
using Tickets.Contracts;
using Wolverine.Nats;
using Wolverine.Nats.Provisioning;
using Wolverine.Runtime;

namespace Tickets.Api.Diagnostics;

/// <summary>
/// <c>streams list|diff|export</c>: what the streams hold, how they differ from what is declared, and their configuration as the server
/// has it, one file for each, as the NATS CLI takes it (<c>nats stream add --config</c>).
/// </summary>
[Description("Show the streams, compare them with what is declared, or write their configuration into files; for instance: streams diff", Name = "streams")]
public sealed class StreamsCommand : OperatorCommand<StreamsInput>
{
    /// <summary>Says how it is called.</summary>
    public StreamsCommand()
    {
        Usage("Show or compare").Arguments(x => x.Action);
        Usage("Export").Arguments(x => x.Action, x => x.Folder);
    }

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(StreamsInput input, IHost host)
    {
        var runtime = host.Services.GetRequiredService<IWolverineRuntime>();
        var nats = runtime.Options.NatsTransport();
        if (input.Action == StreamsAction.diff)
        {
            await nats.InitializeEndpointsAsync(runtime);
            var findings = await new TopologyInspection(nats).InspectAsync(CancellationToken.None);
            Findings.Print(findings, input.JsonFlag, host.Services);
            return findings.All(finding => finding.IsWell);
        }

        List<StreamInfo> streams = [];
        foreach (var name in Subjects.Streams)
        {
            streams.Add((await nats.JetStream.GetStreamAsync(name)).Info);
        }

        if (input.Action == StreamsAction.list)
        {
            List(streams, input.JsonFlag, host.Services);
            return true;
        }

        Directory.CreateDirectory(input.Folder);
        foreach (var stream in streams)
        {
            await ExportAsync(stream, Path.Combine(input.Folder, $"{stream.Config.Name}.json"));
        }

        return true;
    }

    private static void List(IReadOnlyList<StreamInfo> streams, bool json, IServiceProvider services)
    {
        if (json)
        {
            Printout.Write(
                streams.Select(stream => new
                {
                    Stream = stream.Config.Name,
                    stream.Config.Subjects,
                    stream.State.Messages,
                    stream.State.Bytes,
                    First = stream.State.FirstSeq,
                    Last = stream.State.LastSeq,
                    Consumers = stream.State.ConsumerCount,
                    Replicas = stream.Config.NumReplicas,
                    stream.Cluster?.Leader,
                }),
                services);
            return;
        }

        var table = Printout.TableOf("stream", "subjects", "messages", "bytes", "first", "last", "consumers", "replicas", "leader");
        foreach (var stream in streams)
        {
            table.Add(
                stream.Config.Name, string.Join(' ', stream.Config.Subjects ?? []), stream.State.Messages, stream.State.Bytes, stream.State.FirstSeq,
                stream.State.LastSeq, stream.State.ConsumerCount, stream.Config.NumReplicas, stream.Cluster?.Leader ?? "-");
        }

        Printout.Print(table);
    }

    private static async Task ExportAsync(StreamInfo stream, string file)
    {
        var json = new ArrayBufferWriter<byte>();
        NatsJSJsonSerializer<StreamConfig>.Default.Serialize(json, stream.Config);
        await File.WriteAllBytesAsync(file, json.WrittenSpan.ToArray());
        Console.WriteLine($"ok    {file}");
    }
}
