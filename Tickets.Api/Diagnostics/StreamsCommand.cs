using System.Buffers;
using JasperFx.CommandLine;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Contracts;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Diagnostics;

/// <summary>
/// <c>streams export FOLDER</c>: the configuration of each stream as the server has it, one file for each, as the NATS CLI
/// takes it (<c>nats stream add --config</c>). So another tool can make them again without knowing them.
/// </summary>
[Description("Write the configuration of the streams into files", Name = "streams")]
public sealed class StreamsCommand : JasperFxAsyncCommand<StreamsInput>
{
    private static readonly string[] Names = [Subjects.CommandStream, Subjects.EventStream, Subjects.DeadLetterStream];

    /// <summary>Says how it is called.</summary>
    public StreamsCommand() => Usage("Export").Arguments(x => x.Action, x => x.Folder);

    /// <inheritdoc/>
    public override async Task<bool> Execute(StreamsInput input)
    {
        using var host = input.BuildHost();
        var runtime = host.Services.GetRequiredService<IWolverineRuntime>();
        var nats = runtime.Options.NatsTransport();
        try
        {
            await nats.ConnectAsync(runtime);
            Directory.CreateDirectory(input.Folder);
            foreach (var name in Names)
            {
                await ExportAsync(await nats.JetStream.GetStreamAsync(name), Path.Combine(input.Folder, $"{name}.json"));
            }

            return true;
        }
        catch (Exception e) when (e is NatsException or NatsConfigurationException or IOException or UnauthorizedAccessException)
        {
            Console.WriteLine($"FAIL  the streams can't be exported: {e.Message}");
            return false;
        }
    }

    private static async Task ExportAsync(INatsJSStream stream, string file)
    {
        var json = new ArrayBufferWriter<byte>();
        NatsJSJsonSerializer<StreamConfig>.Default.Serialize(json, stream.Info.Config);
        await File.WriteAllBytesAsync(file, json.WrittenSpan.ToArray());
        Console.WriteLine($"ok    {file}");
    }
}
