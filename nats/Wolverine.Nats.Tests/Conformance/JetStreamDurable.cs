using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Postgresql;

namespace Wolverine.Nats.Tests.Conformance;

/// <summary>Through Wolverine's durable inbox and outbox.</summary>
public sealed class JetStreamDurable : OnJetStream
{
    private PostgreSqlServer _database = null!;

    public override async ValueTask InitializeAsync()
    {
        _database = await PostgreSqlServer.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _database.DisposeAsync();
    }

    protected override void Store(WolverineOptions options, string owner) =>
        options.PersistMessagesWithPostgresql(_database.ConnectionString, owner);

    protected override NatsSubscriberConfiguration SendBy(NatsSubscriberConfiguration sender) => sender.UseDurableOutbox();

    protected override NatsListenerConfiguration ProcessBy(NatsListenerConfiguration listener) => listener.UseDurableInbox();
}
