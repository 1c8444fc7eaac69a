using System.Data.Common;
using Dapper;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>Writes statements of the message store through the one writer, and reads beside it.</summary>
internal sealed class StoreWriter(SqliteDatabase database, GroupCommitter committer)
{
    private volatile bool _disposed;

    public bool HasDisposed => _disposed;

    public void Dispose() => _disposed = true;

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteMessageStore));

    /// <returns>How many rows changed.</returns>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) =>
        ExecuteAsync((transaction, cancellation) => new ValueTask<int>(transaction.Connection!.ExecuteAsync(
            new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellation))));

    /// <summary>Runs several statements as one unit.</summary>
    public async Task<T> ExecuteAsync<T>(Func<DbTransaction, CancellationToken, ValueTask<T>> write)
    {
        ThrowIfDisposed();
        var unit = new Statements<T>(write);
        await committer.CommitAsync(unit, CancellationToken.None);
        return unit.Result!;
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null, CancellationToken cancellation = default)
    {
        ThrowIfDisposed();
        await using var connection = database.OpenReader();
        return [.. await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation))];
    }

    public async Task<T?> ScalarAsync<T>(string sql, object? parameters = null, CancellationToken cancellation = default)
    {
        ThrowIfDisposed();
        await using var connection = database.OpenReader();
        return await connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation));
    }

    private sealed class Statements<T>(Func<DbTransaction, CancellationToken, ValueTask<T>> write) : IUnitOfWork
    {
        public T? Result { get; private set; }

        public string? Tenant => null;

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation) =>
            Result = await write(transaction, cancellation);
    }
}
