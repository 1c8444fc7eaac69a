using NatsServers;

namespace Wolverine.Nats.Benchmarks;

/// <summary>Runs two contestants in turn, each on a fresh server, and compares the medians.</summary>
internal static class Comparison
{
    public static async Task RunAsync(string what, int rounds, IContestant bare, IContestant transport)
    {
        Console.WriteLine($"\n{what}");
        List<double> bareRates = [];
        List<double> transportRates = [];
        for (var round = 0; round < rounds; round++)
        {
            bareRates.Add(await MeasureAsync(bare));
            transportRates.Add(await MeasureAsync(transport));
        }

        Console.WriteLine($"  ratio of the medians: {Median(transportRates) / Median(bareRates):F2}");
    }

    private static async Task<double> MeasureAsync(IContestant contestant)
    {
        await using var server = await NatsServer.StartAsync();
        var rate = await contestant.RunAsync(server);
        Console.WriteLine($"  {contestant.Name,-16} {rate,10:N0} messages/s");
        return rate;
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);
}
