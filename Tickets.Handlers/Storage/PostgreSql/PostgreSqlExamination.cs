using Dapper;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>Looks at the server's settings for durability, its clock, and the rights of the login.</summary>
internal sealed class PostgreSqlExamination(PostgreSqlDatabase database, TimeProvider clock) : IDatabaseExamination
{
    private const string Select = """
        SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit, now() AS now,
            (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS mighty,
            (SELECT count(*) FROM pg_stat_activity) AS used, current_setting('max_connections')::bigint AS most
        """;

    private const double ManyConnections = 0.8;
    private static readonly TimeSpan LargestSkew = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<Diagnosis>> ExamineAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenOwnerAsync(cancellation);
        var (fsync, commit, now, mighty, used, most) = await connection.QuerySingleAsync<(string, string, DateTime, bool, long, long)>(
            new CommandDefinition(Select, cancellationToken: cancellation));
        var skew = clock.GetUtcNow() - new DateTimeOffset(now.ToUniversalTime());
        return
        [
            new Diagnosis("the database's durability", (fsync, commit) switch
            {
                ("off", _) => "fsync is off, so a crash loses what was confirmed; set fsync = on",
                (_, "off") => "synchronous_commit is off, so a crash loses what was confirmed; set synchronous_commit = on",
                _ => null,
            }),
            new Diagnosis("the login's rights", mighty ? "the login is a superuser, or bypasses row-level security; let the service log in as a member of tickets_app and tickets_upkeep (ADR 9)" : null, IsSerious: false),
            new Diagnosis("the clocks", skew.Duration() <= LargestSkew ? null : $"this machine's clock is {skew.TotalSeconds:+0;-0} s from the database's; keys and tokens expire by it", IsSerious: false),
            new Diagnosis("the database's connections", used <= most * ManyConnections ? null : $"{used} of {most} are used; raise max_connections, or run fewer processes", IsSerious: false),
        ];
    }
}
