using Tickets.Handlers.Storage;

namespace Tickets.Tests.Backups;

/// <summary>The real one, before whose copy something happens.</summary>
internal sealed class CopiedLater(IDatabaseBackup database, Func<Task> before) : IDatabaseBackup
{
    public string Kind => database.Kind;

    public async Task CopyAsync(string file, CancellationToken cancellation)
    {
        await before();
        await database.CopyAsync(file, cancellation);
    }

    public Task<string?> NewestScriptAsync(CancellationToken cancellation) => database.NewestScriptAsync(cancellation);

    public Task<Guid?> OldestOutgoingAsync(CancellationToken cancellation) => database.OldestOutgoingAsync(cancellation);

    public Task<string?> UserAsync(CancellationToken cancellation) => database.UserAsync(cancellation);

    public Task<bool> HasRowsAsync(IReadOnlyList<string> tables, CancellationToken cancellation) => database.HasRowsAsync(tables, cancellation);

    public Task<string?> RestoreAsync(Stream copy, CancellationToken cancellation) => database.RestoreAsync(copy, cancellation);
}
