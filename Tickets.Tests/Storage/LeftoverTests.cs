using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NatsServers;
using Tickets.Handlers.Storage;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Persistence.Durability.DeadLetterManagement;
using Wolverine.Transports.Tcp;

namespace Tickets.Tests.Storage;

/// <summary>A real Wolverine application that finds what an earlier process left in its store.</summary>
public sealed class LeftoverTests : IDisposable
{
    private const int DeadNode = 77;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly Uri Unreachable = new("unknown://nowhere");
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();

    [Fact]
    public async Task a_message_that_was_not_sent_before_a_crash_is_sent_after_it()
    {
        var reminder = new Remind(Guid.NewGuid());
        await LeaveAsync(store => store.Outbox.StoreOutgoingAsync(
            EnvelopeOf(reminder, new Uri($"tcp://localhost:{_port}"), EnvelopeStatus.Outgoing), DeadNode));

        using var host = await StartAsync();

        await HandledAsync(reminder);
        await Eventually.Async(async () => (await CountsAsync(host)).Outgoing, rows => rows == 0, Limit, "the outbox is empty");
        await host.StopAsync();
    }

    [Fact]
    public async Task a_message_that_was_not_handled_before_a_crash_is_handled_after_it()
    {
        var reminder = new Remind(Guid.NewGuid());
        await LeaveAsync(store =>
        {
            var envelope = EnvelopeOf(reminder, LocalQueue, EnvelopeStatus.Incoming);
            envelope.OwnerId = DeadNode;
            return store.Inbox.StoreIncomingAsync(envelope);
        });

        using var host = await StartAsync();

        await HandledAsync(reminder);
        await host.StopAsync();
    }

    [Fact]
    public async Task a_message_that_nothing_can_send_keeps_no_other_from_its_turn()
    {
        var reminder = new Remind(Guid.NewGuid());
        await LeaveAsync(async store =>
        {
            await store.Outbox.StoreOutgoingAsync(EnvelopeOf(reminder, Unreachable, EnvelopeStatus.Outgoing), DeadNode);
            var due = EnvelopeOf(reminder, LocalQueue, EnvelopeStatus.Scheduled);
            due.ScheduledTime = DateTimeOffset.UtcNow.AddMinutes(-1);
            await store.Inbox.StoreIncomingAsync(due);
        });

        using var host = await StartAsync();

        await HandledAsync(reminder);
        (await CountsAsync(host)).Outgoing.ShouldBe(1);
        await host.StopAsync();
    }

    [Fact]
    public async Task a_dead_letter_marked_for_replay_is_handled()
    {
        var reminder = new Remind(Guid.NewGuid());
        var envelope = EnvelopeOf(reminder, LocalQueue, EnvelopeStatus.Incoming);
        await LeaveAsync(store => store.Inbox.MoveToDeadLetterStorageAsync(envelope, new TimeoutException("slow")));
        using var host = await StartAsync();
        RemindHandler.Handled.ShouldNotContain(reminder.Id);

        await host.Services.GetRequiredService<IMessageStore>().DeadLetters.ReplayAsync(new DeadLetterEnvelopeQuery([envelope.Id]), default);

        await HandledAsync(reminder);
        (await CountsAsync(host)).DeadLetter.ShouldBe(0);
        await host.StopAsync();
    }

    public void Dispose() => _folder.Dispose();

    private static Uri LocalQueue => new("local://reminders");

    private static Envelope EnvelopeOf(Remind reminder, Uri destination, EnvelopeStatus status) => new()
    {
        Id = Guid.CreateVersion7(),
        MessageType = typeof(Remind).FullName,
        ContentType = "application/json",
        Data = JsonSerializer.SerializeToUtf8Bytes(reminder),
        Destination = destination,
        Status = status,
    };

    private static Task HandledAsync(Remind reminder) =>
        Eventually.Async(() => RemindHandler.Handled.Contains(reminder.Id), Limit, "the reminder is handled");

    private static Task<Wolverine.Logging.PersistedCounts> CountsAsync(IHost host) =>
        host.Services.GetRequiredService<IMessageStore>().Admin.FetchCountsAsync();

    /// <summary>Writes as a process that ends without a word.</summary>
    private async Task LeaveAsync(Func<IMessageStore, Task> write)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(new WolverineOptions()).AddStorage(new StorageTarget.Sqlite(_folder.File("test.db")));
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IMigrator>().MigrateAsync(CancellationToken.None);
        await write(provider.GetRequiredService<IMessageStore>());
    }

    private Task<IHost> StartAsync() => Host.CreateDefaultBuilder()
        .ConfigureLogging(logging => logging.ClearProviders())
        .UseWolverine(options =>
        {
            options.Services.AddStorage(new StorageTarget.Sqlite(_folder.File("test.db")));
            options.Durability.Mode = DurabilityMode.Solo;
            options.Durability.ScheduledJobPollingTime = TimeSpan.FromMilliseconds(200);
            options.Discovery.DisableConventionalDiscovery().IncludeType(typeof(RemindHandler));
            options.LocalQueue("reminders").UseDurableInbox();
            options.ListenAtPort(_port);
            options.PublishMessage<Unsent>().ToPort(_port).UseDurableOutbox();
        })
        .StartAsync();

    // What makes the endpoint's outbox durable: there must be a rule for it.
    private sealed record Unsent;
}
