using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wolverine;
using Wolverine.Nats;
using Wolverine.Nats.Tests.Worker;

// An application as a process of its own, so that a test can end it as a platform does. Its argument is the server's address.
await Host.CreateDefaultBuilder()
    .ConfigureLogging(logging => logging.ClearProviders())
    .UseWolverine(options =>
    {
        options.Durability.Mode = DurabilityMode.Solo;
        options.Discovery.DisableConventionalDiscovery().IncludeType(typeof(JobHandler));
        options.UseNats(args[0]).DefineWorkQueueStream(Job.Stream, Job.Subject);
        options.ListenToNatsSubject(Job.Subject).UseJetStream(Job.Stream, "workers").MaximumParallelMessages(50);
    })
    .RunConsoleAsync();
