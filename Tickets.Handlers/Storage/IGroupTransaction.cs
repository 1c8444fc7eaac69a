using System.Data.Common;

namespace Tickets.Handlers.Storage;

/// <summary>Commits groups of units, one group after another.</summary>
internal interface IGroupTransaction : IDisposable
{
    /// <summary>Writes the units. What one of them throws is left in its <see cref="PendingUnit.Fault"/>.</summary>
    /// <remarks>It is called again with the same group after a fault of the database.</remarks>
    /// <exception cref="DbException">The database is at fault, or what is committed together can't be.</exception>
    Task CommitAsync(IReadOnlyList<PendingUnit> group);
}
