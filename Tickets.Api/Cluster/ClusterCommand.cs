using JasperFx.CommandLine;
using NATS.Client.Core;
using Tickets.Api.CommandLine;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Cluster;

/// <summary>
/// <c>cluster</c>: the nodes, their routes and their leader, the streams with their copies, and the consumers with their lag. The exit
/// code is 0 only when all is well.
/// </summary>
[Description("Show the nodes, their routes and leader, the streams' copies and the consumers' lag; for instance: cluster --json", Name = "cluster")]
public sealed class ClusterCommand : OperatorCommand<OperatorInput>
{
    // It must show what is there, not mend it first.
    /// <inheritdoc/>
    protected override bool UsesNats(OperatorInput input) => false;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(OperatorInput input, IHost host)
    {
        var state = await ReadAsync(host.Services);
        var output = new ClusterOutput(state);
        if (input.JsonFlag)
        {
            output.Write(host.Services);
        }
        else
        {
            output.Print();
        }

        return !state.Faults().Any();
    }

    // The nodes' monitoring may answer all the same.
    private static async Task<ClusterState> ReadAsync(IServiceProvider services)
    {
        var reader = services.GetRequiredService<ClusterReader>();
        try
        {
            var jetStream = await services.GetRequiredService<IWolverineRuntime>().Options.NatsTransport().OpenAsync("cluster");
            await using var connection = jetStream.Connection;
            return await reader.ReadAsync(jetStream, CancellationToken.None);
        }
        catch (NatsException e)
        {
            return await reader.ReadWithoutAsync($"can't be asked ({e.Message.TrimEnd('.')})", CancellationToken.None);
        }
    }
}
