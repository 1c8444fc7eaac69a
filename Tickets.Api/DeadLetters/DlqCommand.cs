using JasperFx.CommandLine;
using Tickets.Api.CommandLine;

namespace Tickets.Api.DeadLetters;

/// <summary>
/// <c>dlq list|show|replay|discard</c>: what could not be handled, and what an operator makes of it. The exit code is 0 only
/// when everything asked for was done.
/// </summary>
[Description("List, show, replay and discard what could not be handled; for instance: dlq list --tenant acme --since 2h", Name = "dlq")]
public sealed class DlqCommand : OperatorCommand<DlqInput>
{
    /// <summary>Says how it is called.</summary>
    public DlqCommand()
    {
        Usage("List").Arguments(x => x.Action);
        Usage("Show, replay or discard some").Arguments(x => x.Action, x => x.Sequences);
    }

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(DlqInput input, IHost host)
    {
        var services = host.Services;
        var print = new DlqOutput(input.JsonFlag, services);
        var work = new DlqWork(services.GetRequiredService<LetterStream>(), services.GetRequiredService<DeadLetterDesk>(), print);
        if (input.Action == DlqAction.list)
        {
            print.List(await work.ListAsync(services.GetRequiredService<LetterSearches>(), input));
            return true;
        }

        var well = true;
        foreach (var sequence in input.Letters())
        {
            well &= await work.DoAsync(input, sequence);
        }

        return well;
    }
}
