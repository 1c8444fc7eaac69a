using System.Data.Common;
using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>
/// A PostgreSQL database that any number of processes share. Tickets are read and written as a role that owns nothing and
/// sees, by row-level security, only the rows of the tenant that is set; with none set it sees no row.
/// </summary>
public sealed class PostgreSqlDatabase : Database
{
    /// <summary>The schema of the tickets.</summary>
    public const string Schema = "tickets";

    /// <summary>The schema of Wolverine's messages and nodes.</summary>
    public const string MessageSchema = "wolverine";

    /// <summary>The setting that names the tenant whose rows are seen.</summary>
    internal const string TenantSetting = "tickets.tenant";

    /// <summary>The role that reads and writes tickets.</summary>
    internal const string ApplicationRole = "tickets_app";

    private const string UpkeepRole = "tickets_upkeep";

    // A statement that takes this long is lost, or has met a lock that somebody forgot.
    private const string Timeouts = "-c statement_timeout=20s -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s";

    // Who migrates or backs up may need long, whatever the login's own limit is.
    private const string NoTimeout = "-c statement_timeout=0";

    // A group waits for a row no longer than this: then the tenant's units are set aside (HeldTenants), and the others go on.
    private const string ShortWait = "-c lock_timeout=2s";

    // What is written is found by its key. A plan that was made while a table was empty must not go through it when it is full.
    private const string ByKey = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

    // The outbox is nearly empty, but what was deleted since its last vacuum is in its pages still. Wolverine looks for what is stale every
    // second, and while PostgreSQL does not know yet how little that is, it would go through all of them: 200 ms each time, after a minute at
    // 3,000 commands a second. Wolverine's other tables have few rows, and some no index; that looks dear then, and must not be compiled for it.
    private const string ByIndex = "-c enable_seqscan=off -c enable_bitmapscan=off -c jit=off";

    // Connections of a process: together with Wolverine's and those of the owner no more than half of what PostgreSQL takes by default.
    private const int MostReaders = 12;
    private const int MostPageReaders = 12;
    private const int MostWriters = 6;
    private const int MostForUpkeep = 6;
    private const int MostForMessages = 12;

    private const int MostPrepared = 100;
    private const int WriteBuffer = 64 * 1024;

    private readonly PostgreSqlSource _readers;
    private readonly PostgreSqlSource _pageReaders;
    private readonly PostgreSqlSource _writers;
    private readonly PostgreSqlSource _upkeep;
    private readonly PostgreSqlSource _owner;
    private readonly PostgreSqlUpkeep _turn;

    /// <param name="connectionString">A login that is a member of <c>tickets_app</c> and <c>tickets_upkeep</c>, or owns the schema.</param>
    public PostgreSqlDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        _readers = SourceOf(connectionString, ApplicationRole, MostReaders);
        _pageReaders = SourceOf(connectionString, ApplicationRole, MostPageReaders);
        _writers = SourceOf(connectionString, ApplicationRole, MostWriters, writes: true);
        _upkeep = SourceOf(connectionString, UpkeepRole, MostForUpkeep);
        _owner = new PostgreSqlSource(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = Schema, Pooling = false, Options = NoTimeout });
        _turn = new PostgreSqlUpkeep(Owner);
    }

    /// <inheritdoc/>
    public override string Description => new StorageTarget.PostgreSql(ConnectionString).ToString();

    /// <summary>The login's own, for what is done without a role.</summary>
    internal string ConnectionString { get; }

    /// <summary>Connections of the login's own, one for each time.</summary>
    internal NpgsqlDataSource Owner => _owner.Connections;

    /// <inheritdoc/>
    public override ValueTask<DbConnection> OpenReaderAsync(string tenant, CancellationToken cancellation) =>
        OpenAsync(_readers, ApplicationRole, tenant, cancellation);

    /// <inheritdoc/>
    public override ValueTask<DbConnection> OpenPageReaderAsync(string tenant, CancellationToken cancellation) =>
        OpenAsync(_pageReaders, ApplicationRole, tenant, cancellation);

    /// <inheritdoc/>
    public override ValueTask<DbConnection> OpenUpkeepReaderAsync(CancellationToken cancellation) =>
        OpenAsync(_upkeep, UpkeepRole, tenant: string.Empty, cancellation);

    /// <inheritdoc/>
    public override Task<bool> TakeUpkeepAsync(CancellationToken cancellation) => _turn.TakeAsync(cancellation);

    /// <inheritdoc/>
    public override async ValueTask<DbConnection> OpenOwnerAsync(CancellationToken cancellation) =>
        await Owner.OpenConnectionAsync(cancellation);

    /// <inheritdoc/>
    public override async Task<string?> FaultAsync(CancellationToken cancellation)
    {
        try
        {
            await using var command = _upkeep.Connections.CreateCommand("SELECT 1");
            await command.ExecuteNonQueryAsync(cancellation);
            return null;
        }
        catch (NpgsqlException e)
        {
            return e.Message;
        }
    }

    /// <summary>Where Wolverine gets its connections.</summary>
    internal static NpgsqlDataSource SourceOfMessages(string connectionString) =>
        new PostgreSqlSource(new NpgsqlConnectionStringBuilder(connectionString) { Options = ByIndex, MaxPoolSize = MostForMessages }).Connections;

    internal override IGroupTransaction OpenGroup() => new PostgreSqlGroupTransaction(_writers.Connections);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _readers.Dispose();
        _pageReaders.Dispose();
        _writers.Dispose();
        _upkeep.Dispose();
        _turn.Dispose();
        _owner.Dispose();
    }

    private static async ValueTask<DbConnection> OpenAsync(PostgreSqlSource source, string role, string tenant, CancellationToken cancellation)
    {
        var connection = await source.Connections.OpenConnectionAsync(cancellation);
        try
        {
            // For the session: the pool resets it before the next one. Before the minors of November 2024 (CVE-2024-10978) that reset ends
            // with the login's own rights, not with the role that the session began with; and 17.1, 16.5 and 15.9 do not even begin with it.
            await using var command = new NpgsqlCommand($"SELECT set_config('role', $1, false), set_config('{TenantSetting}', $2, false)", connection)
            {
                Parameters = { new() { Value = role }, new() { Value = tenant } },
            };
            await command.ExecuteNonQueryAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static PostgreSqlSource SourceOf(string connectionString, string role, int most, bool writes = false)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            SearchPath = Schema,
            MaxPoolSize = most,
            Options = $"-c role={role} {Timeouts} {(writes ? $"{ShortWait} {ByKey}" : string.Empty)}",
        };
        if (writes)
        {
            builder.MaxAutoPrepare = MostPrepared;
            builder.AutoPrepareMinUsages = 2;

            // A group is several hundred KB, and each time that this is full costs a system call.
            builder.WriteBufferSize = WriteBuffer;

            // Nothing is left behind: the tenant is set for the transaction. A reset for each group is a statement more.
            builder.NoResetOnClose = true;

            // A COMMIT that waits for a standby and is cancelled counts as done, without the standby. The connection is given up instead; the
            // group comes again and finds its own rows.
            builder.CancellationTimeout = -1;

            // Else a refusal does not say whose statement it was.
            builder.IncludeFailedBatchedCommand = true;
        }

        return new PostgreSqlSource(builder);
    }
}
