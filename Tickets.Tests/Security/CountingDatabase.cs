using System.Data.Common;
using Tickets.Handlers.Storage;

namespace Tickets.Tests.Security;

/// <summary>A real database that counts how often its keys are looked at.</summary>
public sealed class CountingDatabase(Database inner) : Database
{
    private int _looks;

    public int Looks => _looks;

    public override string Description => inner.Description;

    public override ValueTask<DbConnection> OpenReaderAsync(string tenant, CancellationToken cancellation) => inner.OpenReaderAsync(tenant, cancellation);

    public override ValueTask<DbConnection> OpenUpkeepReaderAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _looks);
        return inner.OpenUpkeepReaderAsync(cancellation);
    }

    public override Task<bool> TakeUpkeepAsync(CancellationToken cancellation) => inner.TakeUpkeepAsync(cancellation);

    public override ValueTask<DbConnection> OpenOwnerAsync(CancellationToken cancellation) => inner.OpenOwnerAsync(cancellation);

    public override Task<string?> FaultAsync(CancellationToken cancellation) => inner.FaultAsync(cancellation);

    internal override IGroupTransaction OpenGroup() => inner.OpenGroup();

    protected override void Dispose(bool disposing)
    {
        // Whoever made the inner one ends it.
    }
}
