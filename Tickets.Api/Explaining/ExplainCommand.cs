using System.Globalization;
using JasperFx.CommandLine;
using NATS.Client.Core;
using Tickets.Api.CommandLine;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Explaining;

/// <summary>
/// <c>explain ID</c>: the way of a ticket, a command or an event through command, transaction, outbox, stream, consumers and delivery,
/// on one timeline. The exit code is 0 only when it was found and all of it is as it should be.
/// </summary>
[Description("Show the way of a ticket, command or event on one timeline; for instance: explain 01a2141f-97eb-72d0-b398-8c8bdf98542d", Name = "explain")]
public sealed class ExplainCommand : OperatorCommand<ExplainInput>
{
    // What the database knows is told without it, too.
    /// <inheritdoc/>
    protected override bool UsesNats(ExplainInput input) => false;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(ExplainInput input, IHost host)
    {
        var explained = await ExplainAsync(input, host.Services);
        Print(explained, input, host.Services);
        return explained.Faults.Count == 0;
    }

    private async Task<Explanation> ExplainAsync(ExplainInput input, IServiceProvider services)
    {
        var explainer = services.GetRequiredService<Explainer>();
        try
        {
            await ConnectAsync(services.GetRequiredService<IWolverineRuntime>());
            var explained = await explainer.ExplainAsync(input.Id, input.TenantFlag, asksNats: true, CancellationToken.None);
            return explained.Steps.Count + explained.Faults.Count > 0 ? explained : new Explanation(
                [], ["there is no trace of it: it was never accepted, or it is too long ago; a refused request leaves none"]);
        }
        catch (Exception e) when (e is NatsException or NatsConfigurationException or TimeoutException)
        {
            return await explainer.ExplainAsync(input.Id, input.TenantFlag, asksNats: false, CancellationToken.None)
                + new Explanation([], [$"NATS can't be asked ({e.Message.TrimEnd('.')}; ./tickets cluster tells more), so this is what the database knows"]);
        }
    }

    private static void Print(Explanation explained, ExplainInput input, IServiceProvider services)
    {
        if (input.JsonFlag)
        {
            Printout.Write(explained, services);
            return;
        }

        var table = Printout.TableOf("time", "where", "what");
        foreach (var step in explained.Steps)
        {
            table.Add(step.At?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? string.Empty, step.Where, step.What);
        }

        if (explained.Steps.Count > 0)
        {
            Printout.Print(table);
        }

        foreach (var fault in explained.Faults)
        {
            Printout.Fault(fault);
        }

        if (explained.Faults.Count == 0)
        {
            Printout.Well("all of it is as it should be");
        }
    }
}
