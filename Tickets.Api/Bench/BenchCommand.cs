using System.Diagnostics;
using JasperFx.CommandLine;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Tickets.Api.CommandLine;
using Tickets.Api.Composition;
using Tickets.Handlers.Storage;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Bench;

/// <summary>
/// <c>bench WORKLOAD</c>: loads the service that runs with the same settings, or, for <c>drain</c>, works off a full stream
/// in this process. Then it counts what that has made. The exit code is 0 only when nothing is missing or too much.
/// </summary>
[Description("Measure how fast the service is, and check what that made; TICKETS_CREDENTIAL lets it in where one has to sign in; for instance: bench http --count 20000 --concurrency 32", Name = "bench")]
public sealed class BenchCommand : OperatorCommand<BenchInput>
{
    // Enough for the stream to be the limit.
    private const int Preloading = 256;

    // What it measures may never have run.
    /// <inheritdoc/>
    protected override async Task ConnectAsync(IWolverineRuntime runtime) => await runtime.Options.NatsTransport().ConnectAsync(runtime);

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(BenchInput input, IHost host)
    {
        await using var connection = new NatsConnection(host.Services.GetRequiredService<IWolverineRuntime>().Options.NatsTransport().Connection.Opts);
        var jetStream = new NatsJSContext(connection);
        var tickets = new BenchTickets(input.TenantsFlag);
        var check = new BenchCheck(jetStream, host.Services.GetRequiredService<Database>(), host.Services.GetRequiredService<IOutgoingMessages>());
        var clock = Stopwatch.StartNew();
        var result = await StepProgress.RunAsync(input, show => RunAsync(
            input, host, tickets, jetStream, check, done => show(input.Workload.ToString(), PartOf(input, done, clock.Elapsed))));
        if (input.JsonFlag)
        {
            Printout.Write(result.ToJson(), host.Services);
        }
        else
        {
            Console.WriteLine(result);
            foreach (var found in result.Faults)
            {
                Printout.Fault(found);
            }
        }

        return result.Faults.Count == 0;
    }

    private static async Task<BenchResult> RunAsync(
        BenchInput input, IHost host, BenchTickets tickets, NatsJSContext jetStream, BenchCheck check, Action<long> report)
    {
        var nats = new NatsLoad(jetStream, tickets);
        using var http = new HttpLoad(host.Services.GetRequiredService<ServiceOptions>(), tickets);
        long done = 0;
        void Progress() => report(Interlocked.Increment(ref done));
        if (input.Workload == Workload.reads)
        {
            return await new LoadRun(http.ReadAsync, Progress).RunAsync(input);
        }

        await check.BeginAsync();
        var result = input.Workload switch
        {
            Workload.drain => await DrainAsync(input, host, nats, check, report),
            Workload.nats => await new LoadRun(nats.PublishAsync, Progress).RunAsync(input),
            Workload.events => await new EventLatency(jetStream, nats).RunAsync(input, report),
            Workload.accept => await new LoadRun(http.AcceptAsync, Progress).RunAsync(input),
            _ => await new LoadRun(http.CreateAsync, Progress).RunAsync(input),
        };
        var total = result.Count + input.WarmUpFlag;
        await check.WaitAsync(total, _ => { });
        result = result with { Faults = [.. result.Faults, .. await check.FaultsAsync(tickets, total)] };
        if (input.Workload == Workload.drain)
        {
            await host.StopAsync();
        }

        return result;
    }

    // From the first event to the last one with an empty outbox. The start of the process is not in it.
    private static async Task<BenchResult> DrainAsync(BenchInput input, IHost host, NatsLoad nats, BenchCheck check, Action<long> report)
    {
        // First: a service that runs on the same file would get what is published.
        await host.Services.GetRequiredService<IMigrator>().MigrateAsync(CancellationToken.None);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, input.Total),
            new ParallelOptions { MaxDegreeOfParallelism = Preloading },
            async (number, _) => await nats.PublishAsync(number));
        var started = host.StartAsync();
        await check.IsThroughAsync(1, input.Total, report);
        var clock = Stopwatch.StartNew();
        await check.IsThroughAsync(input.WarmUpFlag, input.Total, report);
        var warmUp = clock.Elapsed.TotalSeconds;
        await check.WaitAsync(input.Total, report);
        var seconds = clock.Elapsed.TotalSeconds - warmUp;
        await started;
        return new BenchResult(input.Workload, input.CountFlag, seconds, [], []) { WarmUpRate = input.WarmUpFlag == 0 ? null : input.WarmUpFlag / warmUp };
    }

    private static double PartOf(BenchInput input, long done, TimeSpan elapsed) =>
        input.DurationFlag > 0 ? elapsed.TotalSeconds / input.DurationFlag : (double)done / input.Total;
}
