using Wolverine.Nats.Benchmarks;

// messages and rounds, such as: 200000 3
var messages = args.Length > 0 ? int.Parse(args[0], null) : 200_000;
var rounds = args.Length > 1 ? int.Parse(args[1], null) : 3;

Console.WriteLine($"{messages:N0} messages of {Sample.BodyLength} bytes, {rounds} rounds, one nats-server on the same machine");
await Comparison.RunAsync("publish to JetStream, acknowledged", rounds, new BarePublishing(messages), new TransportPublishing(messages));
await Comparison.RunAsync("consume and acknowledge, empty handler", rounds, new BareConsuming(messages), new TransportConsuming(messages));
