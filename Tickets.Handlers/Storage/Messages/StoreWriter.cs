using System.Data.Common;
using Dapper;

namespace Tickets.Handlers.Storage.Messages;

/// <summary>Writes statements of the message store through the one writer, and reads beside it.</summary>
internal sealed class StoreWriter(SqliteDatabase database, GroupCommitter committer)
{
    private bool _disposed;

    public bool HasDisposed => _disposed;

    public void Dispose() => _disposed = true;

    /// <returns>How many rows changed.</returns>
    public Task<int> ExecuteAsync(string sql, object parameters) =>
        ExecuteAsync((transaction, cancellation) => new ValueTask<int>(transaction.Connection!.ExecuteAsync(
            new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellation))));

    /// <summary>Runs several statements as one unit.</summary>
    public async Task<T> ExecuteAsync<T>(Func<DbTransaction, CancellationToken, ValueTask<T>> write)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteMessageStore));
        var unit = new Statements<T>(write);
        await committer.CommitAsync(unit, CancellationToken.None);
        return unit.Result!;
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteMessageStore));
        await using var connection = database.OpenReader();
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    public async Task<T?> ScalarAsync<T>(string sql, object? parameters = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteMessageStore));
        await using var connection = database.OpenReader();
        return await connection.ExecuteScalarAsync<T>(sql, parameters);
    }

    private sealed class Statements<T>(Func<DbTransaction, CancellationToken, ValueTask<T>> write) : IUnitOfWork
    {
        public T? Result { get; private set; }

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation) =>
            Result = await write(transaction, cancellation);
    }
}
