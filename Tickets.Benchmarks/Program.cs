using Tickets.Benchmarks;

// One tenant with many tickets on SQLite, asked over HTTP on loopback.
var tickets = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 100_000;
await SearchBenchmark.RunAsync(tickets, requests: 300);
