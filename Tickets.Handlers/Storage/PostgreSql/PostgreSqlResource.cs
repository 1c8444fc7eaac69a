using JasperFx.Resources;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>The tables of the tickets, for <c>resources setup</c> and <c>resources check</c>.</summary>
internal sealed class PostgreSqlResource(PostgreSqlDatabase database, IMigrator migrator)
    : StatefulResourceBase("PostgreSQL", "tickets", new Uri("tickets://storage"), new Uri("postgresql://tickets"))
{
    public override Task Setup(CancellationToken token) => migrator.MigrateAsync(token);

    public override async Task Check(CancellationToken token)
    {
        if (await migrator.PendingAsync(token) is { Count: > 0 } pending)
        {
            throw new InvalidOperationException($"{database.Description} lacks {string.Join(", ", pending)}; run 'resources setup'.");
        }
    }

    public override async Task<IRenderable> DetermineStatus(CancellationToken token) =>
        new Text(await migrator.PendingAsync(token) is { Count: > 0 } pending ? $"lacks {string.Join(", ", pending)}" : "up to date");
}
