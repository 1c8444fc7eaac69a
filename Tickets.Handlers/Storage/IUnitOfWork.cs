using System.Data.Common;

namespace Tickets.Handlers.Storage;

/// <summary>What is written together or not at all.</summary>
public interface IUnitOfWork
{
    /// <summary>
    /// Writes inside a transaction that other units share. It is called again after a rollback, so it must not build on
    /// what an earlier call left behind. An exception undoes this unit alone.
    /// </summary>
    ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation);
}
