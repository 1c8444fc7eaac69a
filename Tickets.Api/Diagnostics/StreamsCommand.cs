using System.Buffers;
using JasperFx.CommandLine;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Api.CommandLine;
using Tickets.Contracts;
using Wolverine.Nats;
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

    // It must show what is there, not mend it first.
    /// <inheritdoc/>
    protected override bool UsesNats(StreamsInput input) => false;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(StreamsInput input, IHost host)
    {
        var runtime = host.Services.GetRequiredService<IWolverineRuntime>();
        switch (input.Action)
        {
            case StreamsAction.list:
                List(await ReadAsync(runtime), input.JsonFlag, host.Services);
                return true;
            case StreamsAction.diff:
                return (await Environs.TopologyAsync(runtime, CancellationToken.None)).Tell(input.JsonFlag, host.Services);
            default:
                await ExportAsync(await ReadAsync(runtime), input, host.Services);
                return true;
        }
    }

    private static async Task<IReadOnlyList<StreamInfo>> ReadAsync(IWolverineRuntime runtime)
    {
        var jetStream = await runtime.Options.NatsTransport().OpenAsync("streams");
        await using var connection = jetStream.Connection;
        List<StreamInfo> streams = [];
        foreach (var name in Subjects.Streams)
        {
            streams.Add((await jetStream.GetStreamAsync(name)).Info);
        }

        return streams;
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

    private static async Task ExportAsync(IReadOnlyList<StreamInfo> streams, StreamsInput input, IServiceProvider services)
    {
        Directory.CreateDirectory(input.Folder);
        var files = new Dictionary<string, string>();
        foreach (var stream in streams)
        {
            var json = new ArrayBufferWriter<byte>();
            NatsJSJsonSerializer<StreamConfig>.Default.Serialize(json, stream.Config);
            var file = files[stream.Config.Name!] = Path.Combine(input.Folder, $"{stream.Config.Name}.json");
            await File.WriteAllBytesAsync(file, json.WrittenSpan.ToArray());
            if (!input.JsonFlag)
            {
                Printout.Well(file);
            }
        }

        if (input.JsonFlag)
        {
            Printout.Write(files.Select(file => new { Stream = file.Key, File = file.Value }), services);
        }
    }
}
