using System.Data.Common;
using JasperFx.CommandLine;
using Spectre.Console;
using Tickets.Api.CommandLine;
using Tickets.Api.Republishing;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Backups;

/// <summary><c>restore FILE</c>: brings streams and database back as a backup has them, while no service runs.</summary>
[Description("Bring streams and database back from what backup has made, while no service runs; for instance: restore /backups/tickets-2026-01-31.tar", Name = "restore")]
public sealed class RestoreCommand : OperatorCommand<RestoreInput>
{
    // Clocks of services differ by less.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private RestoreWork? _work;

    /// <inheritdoc/>
    protected override bool UsesNats(RestoreInput input) => false;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(RestoreInput input, IHost host)
    {
        try
        {
            var archive = new ArchiveReader(input.File);
            var manifest = await archive.VerifyAsync();
            var jetStream = await host.Services.GetRequiredService<IWolverineRuntime>().Options.NatsTransport().OpenAsync("restore");
            await using var connection = jetStream.Connection;
            var database = host.Services.GetRequiredService<IDatabaseBackup>();
            var work = new RestoreWork(archive, manifest, jetStream, database, host.Services.GetRequiredService<IMigrator>());
            if (work.Misfit() is { } misfit)
            {
                return Fail(input, misfit);
            }

            if (await RefusalAsync(input, new ServiceActivity(jetStream, database)) is { } refusal)
            {
                return Fail(input, refusal);
            }

            _work = work;
            return await RestoreAsync(input, work, manifest, host);
        }
        catch (Exception e) when (e is BackupException or MigrationException or DatabaseAwayException or IOException or UnauthorizedAccessException)
        {
            return Fail(input, Unfinished(e.Message));
        }
    }

    /// <inheritdoc/>
    protected override string NatsFault(RestoreInput input, Exception fault) => Unfinished($"NATS did not do its part: {fault.Message.TrimEnd('.')}");

    /// <inheritdoc/>
    protected override string DatabaseFault(DbException fault) => Unfinished($"the database did not do its part: {fault.Message.TrimEnd('.')}");

    private async Task<bool> RestoreAsync(RestoreInput input, RestoreWork work, BackupManifest manifest, IHost host)
    {
        var told = await StepProgress.RunAsync(input, async report =>
        {
            await Interruption.CancelsAsync(async interrupted =>
            {
                await work.RunAsync(report, interrupted);
                return true;
            });
            return await RepublishAsync(manifest, host.Services, report);
        });
        if (input.JsonFlag)
        {
            Printout.Write(new { input.File, Manifest = manifest, Republished = told.Events, told.Stored, told.Recognised, Before = work.Aside }, host.Services);
            return true;
        }

        Printout.Well($"{input.File}: {BackupCommand.Describe(manifest)}");
        Printout.Well($"{told.Events} events of {told.Changes} changes since then: {told.Stored} stored, {told.Recognised} recognised as repeats");
        if (work.Aside is { } aside)
        {
            Console.WriteLine($"      The database that was there before is {aside}.");
        }

        return true;
    }

    // What is in the database, which was copied last, and not in the stream.
    private static async Task<RepublishResult> RepublishAsync(BackupManifest manifest, IServiceProvider services, Action<string, double> report)
    {
        var runtime = services.GetRequiredService<IWolverineRuntime>();
        await runtime.Options.NatsTransport().ConnectAsync(runtime);
        var tenants = await services.GetRequiredService<AuditArchive>().TenantsAsync(CancellationToken.None);
        var publisher = ActivatorUtilities.CreateInstance<Republisher>(services);

        // To the last: the clock of the process that has made a change may have been ahead of this one.
        var span = new AuditSpan((manifest.EventsSince ?? manifest.CreatedAt) - ClockSkew, DateTimeOffset.MaxValue);
        var changes = Math.Max(await publisher.CountAsync(tenants, span), 1);
        var done = await publisher.RunAsync(tenants, span, publish: true, so => report("events", (double)so.Changes / changes));
        report("events", 1);
        return done;
    }

    private static async Task<string?> RefusalAsync(RestoreInput input, ServiceActivity activity)
    {
        if (await activity.RunningAsync() is { } running)
        {
            return $"a service runs: {running}; stop every one, and try again. Nothing was changed";
        }

        if (await activity.ContentAsync() is not { Count: > 0 } content)
        {
            return null;
        }

        var what = string.Join(", ", content);
        return !input.ReplaceFlag ? $"there is {what}; add --replace to have the backup in its place. Nothing was changed"
            : input.YesFlag ? null
            : input.JsonFlag || Console.IsInputRedirected || Console.IsOutputRedirected ? "nobody is there to be asked whether to replace what is there; add --yes. Nothing was changed"
            : await AnsiConsole.ConfirmAsync(Markup.Escape($"Replace {what} for good?"), defaultValue: false) ? null
            : "everything was kept";
    }

    private string Unfinished(string what) => _work is null ? what
        : $"{what.TrimEnd('.')}; {_work.State}. Run it again with --replace: that is safe{(_work.Aside is { } aside ? $". The database that was there before is {aside}" : string.Empty)}";
}
