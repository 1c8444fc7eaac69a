using System.Net;
using Tickets.Api.Access;
using Tickets.Handlers.Notifications;
using Tickets.Handlers.Retention;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Composition;

/// <summary>The settings of a process, from environment variables, checked at start.</summary>
/// <param name="Nats"><c>NATS_…</c>: where NATS is, how to log in there, and what the service may do.</param>
/// <param name="Host"><c>HOST</c>: the address on which HTTP is served. Default 127.0.0.1.</param>
/// <param name="Port"><c>PORT</c>: the port on which HTTP is served. Default 8080.</param>
/// <param name="ServiceName"><c>SERVICE_NAME</c>: the name on NATS connections and in events. Default <c>ticket-svc</c>.</param>
/// <param name="LogLevel"><c>LOG_LEVEL</c>: trace, debug, info, warn or error. Default info.</param>
/// <param name="LogFormat"><c>LOG_FORMAT</c>: text or json. Default text.</param>
/// <param name="TenantHeader"><c>X_TENANT_HEADER</c>: the header that names the tenant. Default <c>X-Tenant-ID</c>.</param>
/// <param name="Storage"><c>DATABASE_URL</c>: <c>sqlite:</c> and a file, or <c>postgres://…</c>. Default <c>sqlite:data/tickets.db</c>.</param>
/// <param name="Notifications"><c>NOTIFY_…</c>: who is told what, and how. Default: everything goes to the log.</param>
/// <param name="Retention"><c>RETENTION_…_DAYS</c>: how long things are kept.</param>
/// <param name="RequestsPerMinute"><c>RATE_LIMIT_PER_MINUTE</c>: how many requests a tenant may send a minute. Default no limit.</param>
/// <param name="Role">
/// <c>TICKETS_ROLE</c>: <c>all</c>, or one or more of <c>api</c>, <c>commands</c> and <c>notifications</c>, comma-separated;
/// <c>worker</c> is the last two. Default <c>all</c>; SQLite takes no other.
/// </param>
/// <param name="AckWait">
/// <c>ACK_WAIT_SECONDS</c>: after how long without a sign of life another process gets what one had taken, 2 to 3600. Default 30.
/// </param>
/// <param name="Access"><c>AUTH_…</c>, <c>ALLOW_ANONYMOUS</c>, <c>TRUSTED_PROXIES</c>: who may come in. Default: whoever is on this machine.</param>
/// <param name="Capacity"><c>MAX_…</c>: how much a process does and keeps at once.</param>
/// <param name="StopTimeout"><c>STOP_TIMEOUT_SECONDS</c>: within what time the process ends when it is told to. Default 30.</param>
/// <param name="StockDesign">
/// <c>STOCK_DESIGN=true</c>: a transaction for each command, one publish and one delete for each message, one after the other,
/// as Wolverine does by itself. Safe and slow: it is there for <c>./tickets compare</c>. Default false.
/// </param>
public sealed record ServiceOptions(
    NatsOptions Nats,
    IPAddress Host,
    int Port,
    string ServiceName,
    LogLevel LogLevel,
    LogFormat LogFormat,
    string TenantHeader,
    StorageTarget Storage,
    NotificationOptions Notifications,
    RetentionOptions Retention,
    int? RequestsPerMinute,
    ServiceRole Role,
    TimeSpan AckWait,
    AccessOptions Access,
    CapacityOptions Capacity,
    TimeSpan StopTimeout,
    bool StockDesign)
{
    /// <summary>Reads and checks the environment.</summary>
    /// <exception cref="ConfigurationException">A value can't be used.</exception>
    public static ServiceOptions FromEnvironment()
    {
        var settings = new Settings(Environment.GetEnvironmentVariable);
        var options = ServiceSettings.From(settings);
        return options with { Unknown = UnknownSettings.In(Environment.GetEnvironmentVariables().Keys.Cast<string>(), settings.Known) };
    }

    /// <summary>As <see cref="FromEnvironment"/>, from any source.</summary>
    /// <param name="read">Gives a variable's value; null or empty when it is not set.</param>
    public static ServiceOptions From(Func<string, string?> read) => ServiceSettings.From(new Settings(read));

    /// <summary>What is taken out of all that is printed.</summary>
    public SecretMask Secrets { get; init; } = new();

    /// <summary><c>TICKETS_CREDENTIAL</c>: the API key or token that <c>bench</c> shows the service. Default: none.</summary>
    public string? Credential { get; init; }

    /// <summary>A line for each variable that looks like a setting and is none.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Whether the process has this part, or one of these.</summary>
    public bool Does(ServiceRole part) => (Role & part) != 0;
}
