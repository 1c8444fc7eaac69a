using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NatsServers;
using Tickets.Handlers.Storage;
using Wolverine;

namespace Tickets.Tests.Storage;

/// <summary>A real Wolverine application on the store, started twice.</summary>
public sealed class RecoveryTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task a_message_scheduled_before_a_restart_is_handled_after_it()
    {
        var reminder = new Remind(Guid.NewGuid());
        using (var first = await StartAsync())
        {
            await first.Services.GetRequiredService<IMessageBus>().ScheduleAsync(reminder, TimeSpan.FromSeconds(2));
            await first.StopAsync();
        }

        RemindHandler.Handled.ShouldNotContain(reminder.Id);
        using var second = await StartAsync();

        await Eventually.Async(() => RemindHandler.Handled.Contains(reminder.Id), Limit, "the reminder is handled");
        await second.StopAsync();
        RemindHandler.Handled.Count(id => id == reminder.Id).ShouldBe(1);
    }

    public void Dispose() => _folder.Dispose();

    private Task<IHost> StartAsync() => Host.CreateDefaultBuilder()
        .ConfigureLogging(logging => logging.ClearProviders())
        .UseWolverine(options =>
        {
            options.Services.AddSingleton(TimeProvider.System);
            options.Services.AddStorage(new StorageTarget.Sqlite(_folder.File("test.db")));
            options.Durability.Mode = DurabilityMode.Solo;
            options.Durability.ScheduledJobPollingTime = TimeSpan.FromMilliseconds(200);
            options.Discovery.DisableConventionalDiscovery().IncludeType(typeof(RemindHandler));
            options.LocalQueueFor<Remind>().UseDurableInbox();
        })
        .StartAsync();
}
