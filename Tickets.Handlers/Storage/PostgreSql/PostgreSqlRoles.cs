using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>The roles that rights are given to. They belong to the whole server, so a database that moves does not bring them.</summary>
internal static class PostgreSqlRoles
{
    // Another database may have made them, also at the same time.
    private const string Ensure = """
        DO $$
        DECLARE
            role text;
        BEGIN
            FOREACH role IN ARRAY ARRAY['tickets_app', 'tickets_upkeep', 'tickets_backup'] LOOP
                BEGIN
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
                        EXECUTE format('CREATE ROLE %I NOLOGIN', role);
                    END IF;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN
                    NULL;
                END;

                IF NOT pg_has_role(current_user, role, 'USAGE') THEN
                    EXECUTE format('GRANT %I TO CURRENT_USER', role);
                END IF;
            END LOOP;
        END
        $$;
        """;

    /// <summary>Makes those that are missing, and the login a member of each.</summary>
    /// <exception cref="PostgresException">The login may not.</exception>
    public static async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Ensure, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
