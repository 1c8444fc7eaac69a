using NatsServers;

namespace Tickets.Tests.Fixtures;

/// <summary>A service and its nats-server, shared by tests that each use a tenant of their own.</summary>
public class RunningService : IAsyncLifetime
{
    public NatsServer Nats { get; private set; } = null!;

    public TicketService Service { get; private set; } = null!;

    public static string NewTenant() => $"t-{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync()
    {
        Nats = await NatsServer.StartAsync();
        Service = await TicketService.StartAsync(Nats, await SettingsAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }

        await Nats.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual Task<(string Name, string Value)[]> SettingsAsync() => Task.FromResult<(string, string)[]>([]);
}
