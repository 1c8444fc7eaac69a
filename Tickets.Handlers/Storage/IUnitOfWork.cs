using System.Data.Common;

namespace Tickets.Handlers.Storage;

/// <summary>What is written together or not at all.</summary>
public interface IUnitOfWork
{
    /// <summary>The one tenant whose rows it may see and write; null when it touches no tenant's.</summary>
    string? Tenant { get; }

    /// <summary>
    /// Writes inside a transaction that other units share. It is called again after a rollback, and when it is not known
    /// whether the last commit came through, so it must not build on what an earlier call left behind. It waits for
    /// nothing but its statements. An exception undoes this unit alone.
    /// </summary>
    ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation);
}
