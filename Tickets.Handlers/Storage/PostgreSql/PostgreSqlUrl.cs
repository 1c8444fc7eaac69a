using System.Globalization;
using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>Connection URIs as libpq defines them (PostgreSQL documentation, 34.1.1.2), as far as a service needs them.</summary>
public static class PostgreSqlUrl
{
    private const string Schemes = "postgres://,postgresql://";
    private const int DefaultPort = 5432;

    /// <summary>Whether it is one, well formed or not.</summary>
    public static bool Is(string url) => Array.Exists(Schemes.Split(','), scheme => url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>Turns <c>postgres://user:password@host:port,host:port/database?sslmode=…</c> into a connection string. Several hosts are one server and its standbys.</summary>
    /// <exception cref="FormatException">It is not well formed, or has a parameter that is not known here; the message has no secret.</exception>
    public static string ToConnectionString(string url)
    {
        var rest = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var (address, query) = SplitAt(rest, '?');
        var (authority, database) = SplitAt(address, '/');
        var at = authority.LastIndexOf('@');
        var (user, password) = SplitAt(at < 0 ? string.Empty : authority[..at], ':');
        var hosts = authority[(at + 1)..];
        if (hosts.Length == 0 || user.Length == 0 || database.Length == 0)
        {
            throw new FormatException("write postgres://user:password@host:5432/database");
        }

        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = string.Join(',', hosts.Split(',').Select(HostOf)),
            Username = Uri.UnescapeDataString(user),
            Database = Uri.UnescapeDataString(database),
            ApplicationName = "tickets",
            Timezone = "UTC",
            Timeout = 5,
            IncludeErrorDetail = false,
        };
        if (password.Length > 0)
        {
            builder.Password = Uri.UnescapeDataString(password);
        }

        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = SplitAt(parameter, '=');
            Apply(builder, name, Uri.UnescapeDataString(value));
        }

        return builder.ConnectionString;
    }

    private static (string Before, string After) SplitAt(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var i ? (text[..i], text[(i + 1)..]) : (text, string.Empty);

    private static string HostOf(string host)
    {
        var (name, port) = SplitAt(host, ':');
        return name.Length > 0 && (port.Length == 0 || ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? $"{name}:{(port.Length == 0 ? DefaultPort : port)}"
            : throw new FormatException("write each host as name:port, several separated by commas");
    }

    private static void Apply(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        switch (name)
        {
            case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", string.Empty, StringComparison.Ordinal), ignoreCase: true, out var mode):
                builder.SslMode = mode;
                break;
            case "sslrootcert":
                builder.RootCertificate = value;
                break;
            case "sslcert":
                builder.SslCertificate = value;
                break;
            case "sslkey":
                builder.SslKey = value;
                break;
            case "application_name":
                builder.ApplicationName = value;
                break;
            case "connect_timeout" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds):
                builder.Timeout = seconds;
                break;
            default:
                throw new FormatException(
                    $"the parameter '{name}' can't be used so; there are sslmode, sslrootcert, sslcert, sslkey, application_name and connect_timeout");
        }
    }
}
