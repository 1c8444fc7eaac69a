using System.Data.Common;
using JasperFx.CommandLine;
using Tickets.Api.CommandLine;
using Tickets.Api.Composition;
using Tickets.Handlers.Storage;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Backups;

/// <summary><c>backup FILE</c>: keeps streams and database in one file, while the service runs.</summary>
[Description("Keep streams and database in one file, while the service runs; for instance: backup /backups/tickets-2026-01-31.tar", Name = "backup")]
public sealed class BackupCommand : OperatorCommand<BackupInput>
{
    /// <inheritdoc/>
    protected override bool UsesNats(BackupInput input) => false;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(BackupInput input, IHost host)
    {
        try
        {
            using var archive = new ArchiveWriter(input.File);
            var jetStream = await host.Services.GetRequiredService<IWolverineRuntime>().Options.NatsTransport().OpenAsync("backup");
            await using var connection = jetStream.Connection;
            var work = new BackupWork(
                host.Services.GetRequiredService<IDatabaseBackup>(), host.Services.GetRequiredService<ServiceOptions>().ServiceName, TimeProvider.System);
            var (manifest, size) = await StepProgress.RunAsync(
                input, report => Interruption.CancelsAsync(interrupted => work.RunAsync(archive, jetStream, report, interrupted)));
            if (input.JsonFlag)
            {
                Printout.Write(new { input.File, Size = size, Manifest = manifest }, host.Services);
            }
            else
            {
                Printout.Well($"{input.File}: {Describe(manifest)}, {Terminal.SizeOf(size)}");
            }

            return true;
        }
        catch (BackupException e)
        {
            return Fail(input, e.Message);
        }
    }

    /// <inheritdoc/>
    protected override string NatsFault(BackupInput input, Exception fault) =>
        $"no backup was made, NATS did not do its part: {fault.Message.TrimEnd('.')}; ./tickets check-env tells more";

    /// <inheritdoc/>
    protected override string DatabaseFault(DbException fault) => $"no backup was made: {base.DatabaseFault(fault)}";

    /// <summary>What an archive holds, in words.</summary>
    internal static string Describe(BackupManifest manifest) =>
        $"{manifest.Streams.Count} streams with {manifest.Messages} messages, the {manifest.Database.Kind} database, as of {Terminal.TimeOf(manifest.CreatedAt)}";
}
