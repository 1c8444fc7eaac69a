using System.Data.Common;
using JasperFx.CommandLine;
using NATS.Client.Core;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.DeadLetters;

/// <summary>
/// <c>dlq list|show|replay|discard</c>: what could not be handled, and what an operator makes of it. The exit code is 0 only
/// when everything asked for was done.
/// </summary>
[Description("List, show, replay and discard what could not be handled", Name = "dlq")]
public sealed class DlqCommand : JasperFxAsyncCommand<DlqInput>
{
    /// <summary>Says how it is called.</summary>
    public DlqCommand()
    {
        Usage("List").Arguments(x => x.Action);
        Usage("Show, replay or discard some").Arguments(x => x.Action, x => x.Sequences);
    }

    /// <inheritdoc/>
    public override async Task<bool> Execute(DlqInput input)
    {
        var output = input.JsonFlag ? Console.Error : Console.Out;
        if (input.Fault() is { } fault)
        {
            await output.WriteLineAsync($"FAIL  {fault}");
            return false;
        }

        using var host = input.BuildHost();
        var runtime = host.Services.GetRequiredService<IWolverineRuntime>();
        try
        {
            await runtime.Options.NatsTransport().ConnectAsync(runtime);
            return await RunAsync(input, host.Services);
        }
        catch (Exception e) when (e is NatsException or NatsConfigurationException or TimeoutException or OperationCanceledException)
        {
            await output.WriteLineAsync($"FAIL  NATS did not do it: {e.Message}; ./tickets check-env tells more, and trying again is safe");
            return false;
        }
        catch (DbException e)
        {
            await output.WriteLineAsync($"FAIL  the database can't be read: {e.Message}; ./tickets check-env tells more");
            return false;
        }
    }

    private static async Task<bool> RunAsync(DlqInput input, IServiceProvider services)
    {
        var print = new DlqOutput(input.JsonFlag, services);
        var work = new DlqWork(services.GetRequiredService<LetterStream>(), services.GetRequiredService<DeadLetterDesk>(), print);
        if (input.Action == DlqAction.list)
        {
            print.List(await work.ListAsync(services.GetRequiredService<LetterSearches>(), input));
            return true;
        }

        var well = true;
        foreach (var sequence in input.Sequences)
        {
            well &= await work.DoAsync(input, sequence);
        }

        return well;
    }
}
