using System.Data.Common;

namespace Tickets.Handlers.Records;

/// <summary>One write of a decision. It may be applied again after a rollback, so it keeps nothing of the first time.</summary>
public interface IChange
{
    /// <summary>Whose rows it writes.</summary>
    string Tenant { get; }

    /// <summary>Writes it.</summary>
    ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation);
}
