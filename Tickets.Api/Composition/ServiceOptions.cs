using System.Net;
using Tickets.Api.Access;
using Tickets.Handlers.Notifications;
using Tickets.Handlers.Retention;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Composition;

/// <summary>The settings of a process, from environment variables, checked at start.</summary>
public sealed record ServiceOptions
{
    /// <summary><c>NATS_…</c>: where NATS is, how to log in there, and what the service may do.</summary>
    public required NatsOptions Nats { get; init; }

    /// <summary><c>HOST</c>: the address on which HTTP is served. Default 127.0.0.1.</summary>
    public required IPAddress Host { get; init; }

    /// <summary><c>PORT</c>: the port on which HTTP is served. Default 8080.</summary>
    public required int Port { get; init; }

    /// <summary>Where HTTP is served, as this machine reaches it.</summary>
    public Uri LocalAddress => new UriBuilder(
        Uri.UriSchemeHttp,
        (Host.Equals(IPAddress.Any) ? IPAddress.Loopback : Host.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : Host).ToString(),
        Port).Uri;

    /// <summary><c>SERVICE_NAME</c>: the name on NATS connections and in events. Default <c>ticket-svc</c>.</summary>
    public required string ServiceName { get; init; }

    /// <summary><c>LOG_LEVEL</c>: trace, debug, info, warn or error. Default info.</summary>
    public required LogLevel LogLevel { get; init; }

    /// <summary><c>LOG_FORMAT</c>: text or json. Default text.</summary>
    public required LogFormat LogFormat { get; init; }

    /// <summary><c>X_TENANT_HEADER</c>: the header that names the tenant. Default <c>X-Tenant-ID</c>.</summary>
    public required string TenantHeader { get; init; }

    /// <summary><c>DATABASE_URL</c>: <c>sqlite:</c> and a file, or <c>postgres://…</c>. Default <c>sqlite:data/tickets.db</c>.</summary>
    public required StorageTarget Storage { get; init; }

    /// <summary><c>NOTIFY_…</c>: who is told what, and how. Default: everything goes to the log.</summary>
    public required NotificationOptions Notifications { get; init; }

    /// <summary><c>RETENTION_…_DAYS</c>: how long things are kept.</summary>
    public required RetentionOptions Retention { get; init; }

    /// <summary><c>RATE_LIMIT_PER_MINUTE</c>: how many requests a tenant may send a minute. Default no limit.</summary>
    public required int? RequestsPerMinute { get; init; }

    /// <summary>
    /// <c>TICKETS_ROLE</c>: <c>all</c>, or one or more of <c>api</c>, <c>commands</c> and <c>notifications</c>, comma-separated;
    /// <c>worker</c> is the last two. Default <c>all</c>; with SQLite, <c>commands</c> must be among them.
    /// </summary>
    public required ServiceRole Role { get; init; }

    /// <summary>
    /// <c>ACK_WAIT_SECONDS</c>: after how long without a sign of life another process gets what one had taken, 2 to 3600. Default 30.
    /// </summary>
    public required TimeSpan AckWait { get; init; }

    /// <summary><c>AUTH_…</c>, <c>ALLOW_ANONYMOUS</c>, <c>TRUSTED_PROXIES</c>: who may come in. Default: whoever is on this machine.</summary>
    public required AccessOptions Access { get; init; }

    /// <summary><c>MAX_…</c>: how much a process does and keeps at once.</summary>
    public required CapacityOptions Capacity { get; init; }

    /// <summary><c>STOP_TIMEOUT_SECONDS</c>: within what time the process ends when it is told to. Default 30.</summary>
    public required TimeSpan StopTimeout { get; init; }

    /// <summary>
    /// <c>STOCK_DESIGN</c>: how Wolverine commits and sends by itself. Safe and slow: it is there for <c>./tickets compare</c>. Default
    /// <c>false</c>, <see cref="StockDesign.Off"/>.
    /// </summary>
    public required StockDesign StockDesign { get; init; }

    /// <summary>What is taken out of all that is printed.</summary>
    public SecretMask Secrets { get; init; } = new();

    /// <summary><c>TICKETS_CREDENTIAL</c>: the API key or token that <c>bench</c> shows the service. Default: none.</summary>
    public string? Credential { get; init; }

    /// <summary>A line for each variable that looks like a setting and is none.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

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

    /// <summary>Whether the process has this part, or one of these.</summary>
    public bool Does(ServiceRole part) => (Role & part) != 0;
}
