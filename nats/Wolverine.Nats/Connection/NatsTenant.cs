using Microsoft.Extensions.Logging;
using Wolverine.Nats.Configuration;

namespace Wolverine.Nats.Connection;

/// <summary>A tenant: on the shared connection, told apart by its subjects, or on one of its own.</summary>
internal sealed class NatsTenant(string id, ITenantSubjectMapper? mapper, NatsTransportConfiguration? own) : IAsyncDisposable
{
    public string Id { get; } = NatsSubject.Token(id);

    /// <summary>The tenant's own way to shape subjects; null means the transport's.</summary>
    public ITenantSubjectMapper? Mapper { get; } = mapper;

    /// <summary>The tenant's own connection, once made; null means the transport's.</summary>
    public NatsBroker? Broker { get; private set; }

    public bool HasOwnConnection => own is not null;

    /// <summary>The servers of its own connection as host and port, without credentials.</summary>
    public string? DescribeServers() => own?.DescribeServers();

    public NatsBroker? Connect(string name, ILoggerFactory loggers) =>
        Broker ??= own is null ? null : new NatsBroker(own, $"{name}-{Id}", loggers);

    public ValueTask DisposeAsync() => Broker?.DisposeAsync() ?? ValueTask.CompletedTask;
}
