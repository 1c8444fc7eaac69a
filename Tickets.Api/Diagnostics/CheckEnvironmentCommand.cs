using JasperFx.CommandLine;
using Tickets.Handlers.Storage;
using Wolverine.Nats;
using Wolverine.Nats.Provisioning;
using Wolverine.Runtime;

namespace Tickets.Api.Diagnostics;

/// <summary>
/// <c>check-env</c>: one line for the server, JetStream, each stream, each consumer and the database. The exit code is
/// 0 only when all are well. It takes the place of JasperFx's command, which does not say what failed.
/// </summary>
[Description("Check NATS, its streams and consumers, and the database", Name = "check-env")]
public sealed class CheckEnvironmentCommand : JasperFxAsyncCommand<NetCoreInput>
{
    /// <inheritdoc/>
    public override async Task<bool> Execute(NetCoreInput input)
    {
        using var host = input.BuildHost();
        var runtime = host.Services.GetRequiredService<IWolverineRuntime>();
        var nats = runtime.Options.NatsTransport();
        await nats.InitializeEndpointsAsync(runtime);

        List<Finding> findings = [.. await new TopologyInspection(nats).InspectAsync(CancellationToken.None)];
        findings.Add(await DatabaseOfAsync(host.Services));
        foreach (var finding in findings)
        {
            Console.WriteLine(finding.IsWell ? $"ok    {finding.Subject}" : $"FAIL  {finding.Subject}: {finding.Fault}");
        }

        return findings.TrueForAll(finding => finding.IsWell);
    }

    private static async Task<Finding> DatabaseOfAsync(IServiceProvider services)
    {
        var subject = $"database {services.GetRequiredService<Database>().Description}";
        try
        {
            var pending = await services.GetRequiredService<IMigrator>().PendingAsync(CancellationToken.None);
            return new Finding(
                subject, pending.Count == 0 ? null : $"lacks {string.Join(", ", pending)}; run 'resources setup' or start the service");
        }
        catch (Exception e) when (e is System.Data.Common.DbException or IOException)
        {
            return new Finding(subject, $"can't be read: {e.Message}");
        }
    }
}
