using System.Data.Common;
using System.Text.Json;
using JasperFx.CommandLine;
using NATS.Client.Core;
using Spectre.Console;
using Tickets.Api.Diagnostics;
using Tickets.Handlers.Records;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Republishing;

/// <summary>
/// <c>republish --since TIME</c>: rebuilds the events of past changes from the database, for a stream that has lost them.
/// They have the ids that they had, so the stream drops what it knows, and consumers recognise the rest.
/// </summary>
[Description("Publish the ticket.* and audit.recorded events of past changes again, with their ids; notifications are not told again", Name = "republish")]
public sealed class RepublishCommand : JasperFxAsyncCommand<RepublishInput>
{
    /// <inheritdoc/>
    public override async Task<bool> Execute(RepublishInput input)
    {
        var now = DateTimeOffset.UtcNow;
        var output = input.JsonFlag ? Console.Error : Console.Out;
        if (input.Fault(now) is { } fault)
        {
            await output.WriteLineAsync($"FAIL  {fault}");
            return false;
        }

        using var host = input.BuildHost();
        var runtime = host.Services.GetRequiredService<IWolverineRuntime>();
        var done = default(RepublishResult);
        try
        {
            if (!input.DryRunFlag)
            {
                await runtime.Options.NatsTransport().ConnectAsync(runtime);
            }

            done = await RunAsync(input, host.Services, input.Span(now), so => done = so);
        }
        catch (Exception e) when (e is NatsException or NatsConfigurationException or TimeoutException or OperationCanceledException or DbException)
        {
            await output.WriteLineAsync(
                $"FAIL  {(e is DbException ? "the database can't be read" : "NATS did not confirm an event")} after {done.Changes} changes: {e.Message}; run it again, what is stored is recognised");
            return false;
        }

        Console.WriteLine(input.JsonFlag ? JsonSerializer.Serialize(ToJson(done, input.DryRunFlag)) : Describe(done, input.Span(now), input.DryRunFlag));
        return true;
    }

    private static async Task<RepublishResult> RunAsync(
        RepublishInput input, IServiceProvider services, AuditSpan span, Action<RepublishResult> report)
    {
        var archive = services.GetRequiredService<AuditArchive>();
        var publisher = ActivatorUtilities.CreateInstance<Republisher>(services);
        var tenants = input.TenantFlag is { } tenant ? [tenant] : await archive.TenantsAsync(CancellationToken.None);
        if (input.JsonFlag || Console.IsOutputRedirected)
        {
            return await publisher.RunAsync(tenants, span, !input.DryRunFlag, report);
        }

        var changes = await publisher.CountAsync(tenants, span);
        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask("changes", maxValue: Math.Max(changes, 1));
                var done = await publisher.RunAsync(tenants, span, !input.DryRunFlag, so =>
                {
                    bar.Value = so.Changes;
                    report(so);
                });
                bar.Value = bar.MaxValue;
                return done;
            });
    }

    private static string Describe(RepublishResult done, AuditSpan span, bool dry)
    {
        var what = $"{done.Events} events of {done.Changes} changes from {Terminal.TimeOf(span.Since)} to {Terminal.TimeOf(span.Until)}";
        return dry
            ? $"ok    {what} would be published"
            : $"ok    {what}: {done.Stored} stored, {done.Recognised} recognised as repeats";
    }

    private static object ToJson(RepublishResult done, bool dry) => new
    {
        changes = done.Changes,
        events = done.Events,
        stored = done.Stored,
        recognised = done.Recognised,
        dry_run = dry,
    };
}
