using Dapper;
using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>
/// The schemas that a restoration puts aside, for whoever holds the lock of migrations. <c>pg_restore</c> works in one transaction, which makes
/// the schema of the tickets, and nobody else makes it while one is aside: so when there is one, it is whole, and a database that
/// lacks it and has one aside is that of a restoration that died.
/// </summary>
internal static class PostgreSqlAside
{
    /// <summary>The program that restores.</summary>
    public const string Program = "pg_restore";

    /// <summary>Where it is, in words.</summary>
    public const string Place = $"in the schemas {PostgreSqlDatabase.Schema}{Suffix} and {PostgreSqlDatabase.MessageSchema}{Suffix}";

    private const string Suffix = "_before_restore";

    // With those of earlier restorations.
    private const string Aside = $"nspname ~ '^({PostgreSqlDatabase.Schema}|{PostgreSqlDatabase.MessageSchema}){Suffix}(_[0-9]+)?$'";

    private const string Exists = $"SELECT EXISTS (SELECT FROM pg_namespace WHERE {Aside})";

    private const string IsMissing = $"""
        SELECT to_regnamespace('{PostgreSqlDatabase.Schema}') IS NULL
            AND EXISTS (SELECT FROM pg_namespace WHERE nspname IN ('{PostgreSqlDatabase.Schema}{Suffix}', '{PostgreSqlDatabase.MessageSchema}{Suffix}'))
        """;

    // The server goes on with what a program that was killed has asked for, and with its last word it commits.
    private const string EndSessions = """
        SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = @name
        """;

    // A statement is a transaction, so each of these does all or nothing.
    private const string Rename = $"""
        DO $$
        DECLARE
            name text;
        BEGIN
            FOREACH name IN ARRAY ARRAY['{PostgreSqlDatabase.Schema}', '{PostgreSqlDatabase.MessageSchema}'] LOOP
                IF to_regnamespace(name) IS NOT NULL THEN
                    EXECUTE format('ALTER SCHEMA %I RENAME TO %I', name, name || '{Suffix}');
                END IF;
            END LOOP;
        END
        $$
        """;

    // To names that nothing else has.
    private const string RenameEarlier = $"""
        DO $$
        DECLARE
            name text;
            number oid;
        BEGIN
            FOR name, number IN SELECT nspname, oid FROM pg_namespace WHERE nspname IN ('{PostgreSqlDatabase.Schema}{Suffix}', '{PostgreSqlDatabase.MessageSchema}{Suffix}') LOOP
                EXECUTE format('ALTER SCHEMA %I RENAME TO %I', name, name || '_' || number);
            END LOOP;
        END
        $$
        """;

    // There may be another: of Wolverine's, made empty by who sets up all that it knows, or what was restored.
    private const string RenameBack = $"""
        DO $$
        DECLARE
            name text;
        BEGIN
            FOREACH name IN ARRAY ARRAY['{PostgreSqlDatabase.Schema}', '{PostgreSqlDatabase.MessageSchema}'] LOOP
                IF to_regnamespace(name || '{Suffix}') IS NOT NULL THEN
                    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', name);
                    EXECUTE format('ALTER SCHEMA %I RENAME TO %I', name || '{Suffix}', name);
                END IF;
            END LOOP;
        END
        $$
        """;

    // Never the last that there is.
    private const string Drop = $"""
        DO $$
        DECLARE
            name text;
        BEGIN
            FOR name IN SELECT nspname FROM pg_namespace WHERE {Aside} AND to_regnamespace('{PostgreSqlDatabase.Schema}') IS NOT NULL LOOP
                EXECUTE format('DROP SCHEMA %I CASCADE', name);
            END LOOP;
        END
        $$
        """;

    /// <summary>Whether anything is aside.</summary>
    public static Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.ExecuteScalarAsync<bool>(Patient(Exists, cancellation));

    /// <summary>Gives what earlier restorations have left aside beside a whole database other names: it stays until one has come to its end.</summary>
    public static Task KeepEarlierAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.ExecuteAsync(Patient(RenameEarlier, cancellation));

    /// <summary>Puts aside what is there. Nothing may be aside but what <see cref="KeepEarlierAsync"/> has kept.</summary>
    public static Task PutAsync(NpgsqlConnection connection, CancellationToken cancellation) => connection.ExecuteAsync(Patient(Rename, cancellation));

    /// <summary>Takes back what a restoration has put aside that has died on its way, and ends what still goes on of it.</summary>
    /// <returns>Whether one has.</returns>
    public static async Task<bool> TakeBackAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (!await connection.ExecuteScalarAsync<bool>(Patient(IsMissing, cancellation)))
        {
            return false;
        }

        // It may have come to its end before it was ended.
        await EndSessionsAsync(connection, cancellation);
        var isMissing = await connection.ExecuteScalarAsync<bool>(Patient(IsMissing, cancellation));
        if (isMissing)
        {
            await connection.ExecuteAsync(Patient(RenameBack, cancellation));
        }

        return isMissing;
    }

    /// <summary>
    /// Takes back what is aside, also when <c>pg_restore</c> has come to its end: for who has held the lock since
    /// <see cref="KeepEarlierAsync"/>, so that nobody has used what was restored.
    /// </summary>
    public static async Task UndoAsync(NpgsqlConnection connection)
    {
        await EndSessionsAsync(connection, CancellationToken.None);
        await connection.ExecuteAsync(Patient(RenameBack, CancellationToken.None));
    }

    /// <summary>Removes all that is aside, once there is a database without it.</summary>
    public static Task DropAsync(NpgsqlConnection connection) => connection.ExecuteAsync(Patient(Drop, CancellationToken.None));

    private static Task EndSessionsAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.ExecuteAsync(Patient(EndSessions, cancellation, new { name = PostgreSqlProgram.SessionsOf(Program) }));

    // However long it takes.
    private static CommandDefinition Patient(string sql, CancellationToken cancellation, object? parameters = null) =>
        new(sql, parameters, commandTimeout: 0, cancellationToken: cancellation);
}
