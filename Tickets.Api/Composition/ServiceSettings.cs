using System.Buffers;
using System.Net;
using Tickets.Api.Access;
using Tickets.Api.Bench;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Composition;

/// <summary>Reads and checks what a process is told by its environment variables.</summary>
internal static class ServiceSettings
{
    private const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int LongestName = 64;

    // RFC 9110, 5.6.2, and RFC 3986, 2.3.
    private static readonly SearchValues<char> OfTokens = SearchValues.Create($"{LettersAndDigits}!#$%&'*+-.^_`|~");
    private static readonly SearchValues<char> OfSources = SearchValues.Create($"{LettersAndDigits}-._~");

    /// <exception cref="ConfigurationException">A value can't be used.</exception>
    public static ServiceOptions From(Settings settings)
    {
        var access = AccessSettings.From(settings);
        var storage = StorageOf("DATABASE_URL", settings.Secret("DATABASE_URL") ?? "sqlite:data/tickets.db");
        return new ServiceOptions
        {
            Nats = NatsSettings.From(settings),
            Host = HostAddress("HOST", settings.Or("HOST", "127.0.0.1"), access),
            Port = settings.Number("PORT", 1, 65_535, "write a port from 1 to 65535") ?? 8080,
            ServiceName = NameOf("SERVICE_NAME", settings.Or("SERVICE_NAME", "ticket-svc")),
            LogLevel = Level("LOG_LEVEL", settings.Or("LOG_LEVEL", "info")),
            LogFormat = Format("LOG_FORMAT", settings.Or("LOG_FORMAT", "text")),
            TenantHeader = HeaderOf("X_TENANT_HEADER", settings.Or("X_TENANT_HEADER", "X-Tenant-ID")),
            Storage = storage,
            Notifications = NotificationSettings.From(settings),
            Retention = RetentionSettings.From(settings),
            RequestsPerMinute = settings.Number(
                "RATE_LIMIT_PER_MINUTE", 1, int.MaxValue, "write a whole number from 1, or leave it out for no limit"),
            Role = RoleOf("TICKETS_ROLE", settings.Or("TICKETS_ROLE", "all"), storage),
            AckWait = TimeSpan.FromSeconds(settings.Number("ACK_WAIT_SECONDS", 2, 3600, "write whole seconds from 2 to 3600") ?? 30),
            Access = access,
            Capacity = CapacityOf(settings),
            StopTimeout = TimeSpan.FromSeconds(UpToAMillion(settings, "STOP_TIMEOUT_SECONDS") ?? 30),
            StockDesign = StockDesignOf("STOCK_DESIGN", settings.Or("STOCK_DESIGN", "false")),
            Secrets = settings.Secrets,
            Credential = BenchCredential.From(settings),
        };
    }

    private static StockDesign StockDesignOf(string key, string value) => value switch
    {
        "false" => StockDesign.Off,
        "true" => StockDesign.OneByOne,
        "gathered" => StockDesign.GatheredDeletes,
        _ => throw new ConfigurationException(key, value, "write false, true, or gathered"),
    };

    private static ServiceRole RoleOf(string key, string value, StorageTarget storage)
    {
        var role = ServiceRole.None;
        foreach (var name in value.Split(',', StringSplitOptions.TrimEntries))
        {
            role |= name.ToUpperInvariant() switch
            {
                "ALL" => ServiceRole.All,
                "API" => ServiceRole.Api,
                "WORKER" => ServiceRole.Worker,
                "COMMANDS" => ServiceRole.Commands,
                "NOTIFICATIONS" => ServiceRole.Notifications,
                _ => throw new ConfigurationException(key, value, "write all, or some of api, commands and notifications, separated by commas"),
            };
        }

        // Another process could not see what this one's file has, nor write to it.
        return role.HasFlag(ServiceRole.Commands) || storage is not StorageTarget.Sqlite ? role : throw new ConfigurationException(
            key, value, "a SQLite file belongs to one process, which handles its commands; set DATABASE_URL=postgres://…, or add commands to the role");
    }

    private static CapacityOptions CapacityOf(Settings settings)
    {
        var preset = new CapacityOptions();
        return new CapacityOptions
        {
            Writes = UpToAMillion(settings, "MAX_WRITES_IN_FLIGHT") ?? preset.Writes,
            Reads = UpToAMillion(settings, "MAX_READS_IN_FLIGHT") ?? preset.Reads,
            Outbox = UpToAMillion(settings, "MAX_OUTBOX_MESSAGES") ?? preset.Outbox,
        };
    }

    private static int? UpToAMillion(Settings settings, string key) =>
        settings.Number(key, 1, 1_000_000, "write a whole number from 1 to 1000000");

    // Where nobody signs in, whoever reaches it may read and write everything of every tenant.
    private static IPAddress HostAddress(string key, string value, AccessOptions access)
    {
        if (!IPAddress.TryParse(value, out var address))
        {
            throw new ConfigurationException(key, value, "write an address such as 127.0.0.1, or 0.0.0.0 for all");
        }

        return IPAddress.IsLoopback(address) || !access.IsLocal
            ? address
            : throw new ConfigurationException(
                key, value, "others could reach it, and nobody has to sign in; set AUTH_MODE, serve on 127.0.0.1, or set ALLOW_ANONYMOUS=true to have it so");
    }

    // Events are told to come from '/' and this name, a reference as RFC 3986 has it.
    private static string NameOf(string key, string value) => value.Length <= LongestName && !value.AsSpan().ContainsAnyExcept(OfSources)
        ? value
        : throw new ConfigurationException(key, value, $"write 1 to {LongestName} letters, digits, '-', '.', '_' or '~'");

    private static string HeaderOf(string key, string value) => !value.AsSpan().ContainsAnyExcept(OfTokens)
        ? value
        : throw new ConfigurationException(key, value, "write the name of a header, such as X-Tenant-ID: letters, digits and '-'");

    private static LogFormat Format(string key, string value) => value switch
    {
        "text" => LogFormat.Text,
        "json" => LogFormat.Json,
        _ => throw new ConfigurationException(key, value, "write text or json"),
    };

    private static LogLevel Level(string key, string value) => value.ToUpperInvariant() switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "INFO" => LogLevel.Information,
        "WARN" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        _ => throw new ConfigurationException(key, value, "write trace, debug, info, warn or error"),
    };

    private static StorageTarget StorageOf(string key, string value)
    {
        try
        {
            return StorageTarget.Parse(value);
        }
        catch (FormatException e)
        {
            throw new ConfigurationException(key, "***", e.Message);
        }
    }
}
