using System.Globalization;
using Tickets.Benchmarks;
using Tickets.Benchmarks.Comparison;

switch (args)
{
    // The service beside its stock design, a hand-written service and the limits of the parts.
    case ["compare", .. var rest]:
        await Compare.RunAsync(NumberOr(20_000, rest), rest.Skip(1).FirstOrDefault());
        return 0;

    // The drain over ever fuller databases.
    case ["growth", .. var rest]:
        await Growth.RunAsync(NumberOr(1_000_000, rest));
        return 0;

    // One tenant with many tickets, asked over HTTP on loopback.
    case ["search", .. var rest]:
        await SearchBenchmark.RunAsync(NumberOr(100_000, rest), NumberOr(300, rest.Skip(1)));
        return 0;

    case ["hand-written", var nats, var storage, var port]:
        await HandWrittenService.RunAsync(nats, storage, int.Parse(port, CultureInfo.InvariantCulture));
        return 0;

    default:
        await Console.Error.WriteLineAsync("compare [commands [drain|requests]] | growth [tickets] | search [tickets [requests]]");
        return 2;
}

static int NumberOr(int otherwise, IEnumerable<string> arguments) =>
    arguments.FirstOrDefault() is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : otherwise;
