using JasperFx.CommandLine.Descriptions;
using JasperFx.Resources;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>Tells the command line of the tables.</summary>
internal sealed class PostgreSqlPart(PostgreSqlDatabase database, IMigrator migrator)
    : SystemPartBase("Tickets", new Uri("tickets://storage"))
{
    public override ValueTask<IReadOnlyList<IStatefulResource>> FindResources() => new([new PostgreSqlResource(database, migrator)]);
}
