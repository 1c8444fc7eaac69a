using Npgsql;
using Tickets.Handlers.Storage.PostgreSql;

namespace Tickets.Handlers.Storage;

/// <summary>Which database, as <c>DATABASE_URL</c> names it. Its text has no secret.</summary>
public abstract class StorageTarget
{
    private const string SqliteScheme = "sqlite:";

    /// <summary>Reads <c>sqlite:{file}</c> or <c>postgres://user:password@host:port/database</c>.</summary>
    /// <exception cref="FormatException">It is neither; the message says what to write, and has no secret.</exception>
    public static StorageTarget Parse(string url)
    {
        if (PostgreSqlUrl.Is(url))
        {
            return new PostgreSql(PostgreSqlUrl.ToConnectionString(url));
        }

        return url.StartsWith(SqliteScheme, StringComparison.Ordinal) && url.Length > SqliteScheme.Length
            ? new Sqlite(Path.GetFullPath(url[SqliteScheme.Length..]))
            : throw new FormatException("write sqlite:<file>, or postgres://user:password@host:5432/database");
    }

    /// <summary>A file of one process.</summary>
    /// <param name="file">The file, made when it is missing.</param>
    public sealed class Sqlite(string file) : StorageTarget
    {
        /// <summary>The file.</summary>
        public string File { get; } = file;

        /// <inheritdoc/>
        public override string ToString() => File;
    }

    /// <summary>A database that processes share.</summary>
    /// <param name="connectionString">With the login.</param>
    public sealed class PostgreSql(string connectionString) : StorageTarget
    {
        /// <summary>With the login: never shown.</summary>
        public string ConnectionString { get; } = connectionString;

        /// <inheritdoc/>
        public override string ToString()
        {
            var builder = new NpgsqlConnectionStringBuilder(ConnectionString);
            return $"postgres://{builder.Host}/{builder.Database}";
        }
    }
}
