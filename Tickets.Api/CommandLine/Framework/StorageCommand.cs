using JasperFx.CommandLine;
using Wolverine.Logging;
using Wolverine.Persistence;
using Wolverine.Persistence.Durability;

namespace Tickets.Api.CommandLine.Framework;

/// <summary><c>storage</c>: Wolverine's word, which has no JSON and removes without asking.</summary>
[Description("Count, free or remove the messages that wait in the database; for instance: storage counts --json", Name = "storage")]
public sealed class StorageCommand : OperatorCommand<StorageInput>
{
    private readonly Wolverine.Persistence.StorageCommand _theirs = new();

    /// <summary>Says how it is called.</summary>
    public StorageCommand() => Usage("Look after the messages in the database").Arguments(x => x.Action);

    /// <inheritdoc/>
    protected override bool UsesNats(StorageInput input) => false;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(StorageInput input, IHost host)
    {
        if (input.Action is StorageCommandAction.clear or StorageCommandAction.rebuild
            && await Consent.RefusalAsync("Remove the events that are not sent yet, and all other messages in the database, for good?", input.YesFlag, input.JsonFlag) is { } refusal)
        {
            return Fail(input, refusal);
        }

        return input.JsonFlag ? await WriteAsync(input, host) : await _theirs.Execute(input);
    }

    private async Task<bool> WriteAsync(StorageInput input, IHost host)
    {
        var json = Printout.JsonOf(host.Services);
        if (input.Action == StorageCommandAction.counts)
        {
            Printout.Write(await CountsAsync(host), json);
            return true;
        }

        // To rebuild may be to build. Theirs ends with the host.
        var counts = input.Action == StorageCommandAction.rebuild ? null : await CountsAsync(host);
        var (done, said) = await Overhearing.RunAsync(() => _theirs.Execute(input));
        Printout.Write(new { Action = input.Action.ToString(), Ok = done, Before = counts, Fault = done ? null : said }, json);
        return done;
    }

    private static async Task<object> CountsAsync(IHost host) => Shown(await host.Services.GetRequiredService<IMessageStore>().Admin.FetchCountsAsync());

    private static object Shown(PersistedCounts counts) => new
    {
        counts.Incoming,
        counts.Outgoing,
        counts.OldestOutgoing,
        counts.Scheduled,
        counts.DeadLetter,
        counts.Handled,
    };
}
