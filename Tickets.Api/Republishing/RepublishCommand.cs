using System.Data.Common;
using JasperFx.CommandLine;
using Tickets.Api.CommandLine;
using Tickets.Handlers.Records;

namespace Tickets.Api.Republishing;

/// <summary>
/// <c>republish --since TIME</c>: rebuilds the events of past changes from the database, for a stream that has lost them.
/// They have the ids that they had, so the stream drops what it knows, and consumers recognise the rest.
/// </summary>
[Description("Publish the ticket.* and audit.recorded events of past changes again, with their ids; notifications are not told again; for instance: republish --since 2h --dry-run", Name = "republish")]
public sealed class RepublishCommand : OperatorCommand<RepublishInput>
{
    private RepublishResult _done;

    /// <inheritdoc/>
    protected override bool UsesNats(RepublishInput input) => !input.DryRunFlag;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(RepublishInput input, IHost host)
    {
        var span = input.Span(DateTimeOffset.UtcNow);
        _done = await RunAsync(input, host.Services, span, so => _done = so);
        if (input.JsonFlag)
        {
            Printout.Write(new { _done.Changes, _done.Events, _done.Stored, _done.Recognised, DryRun = input.DryRunFlag }, host.Services);
        }
        else
        {
            Printout.Well(Describe(_done, span, input));
        }

        return true;
    }

    /// <inheritdoc/>
    protected override string NatsFault(RepublishInput input, Exception fault) => Again("NATS did not confirm an event", fault);

    /// <inheritdoc/>
    protected override string DatabaseFault(DbException fault) => Again("the database can't be read", fault);

    private string Again(string what, Exception fault) =>
        $"{what} after {_done.Changes} changes: {fault.Message.TrimEnd('.')}; run it again, what is stored is recognised";

    private static async Task<RepublishResult> RunAsync(
        RepublishInput input, IServiceProvider services, AuditSpan span, Action<RepublishResult> report)
    {
        var archive = services.GetRequiredService<AuditArchive>();
        var publisher = ActivatorUtilities.CreateInstance<Republisher>(services);
        var tenants = input.TenantFlag is { } tenant ? [tenant] : await archive.TenantsAsync(CancellationToken.None);
        return await StepProgress.RunAsync(input, async show =>
        {
            var changes = StepProgress.IsShown(input) ? await publisher.CountAsync(tenants, span) : 1;
            return await publisher.RunAsync(tenants, span, !input.DryRunFlag, so =>
            {
                show("changes", (double)so.Changes / changes);
                report(so);
            });
        });
    }

    private static string Describe(RepublishResult done, AuditSpan span, RepublishInput input)
    {
        var end = input.UntilFlag is null ? "now" : Terminal.TimeOf(span.Until);
        var what = $"{done.Events} events of {done.Changes} changes from {Terminal.TimeOf(span.Since)} to {end}";
        return input.DryRunFlag
            ? $"{what} would be published"
            : $"{what}: {done.Stored} stored, {done.Recognised} recognised as repeats";
    }
}
