using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Units;

/// <summary>
/// Seals replays of dead letters, so that a worker knows them from what a tenant's own client may publish. The key is in the
/// database: whoever can replay a letter reads that anyway, and no tenant does. See ADR 19.
/// </summary>
public sealed class ReplaySeals(Database database)
{
    private byte[]? _key;

    /// <summary>The seal of a replay (HMAC-SHA256).</summary>
    /// <param name="subject">The subject that it is published to, which names the tenant.</param>
    /// <param name="id">The replay's identity as a command.</param>
    /// <param name="first">The command that was given up first.</param>
    /// <param name="body">Its body.</param>
    /// <param name="cancellation">Ends the reading of the key.</param>
    /// <exception cref="System.Data.Common.DbException">The key can't be read.</exception>
    public async ValueTask<string> SealAsync(string subject, Guid id, Guid first, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var key = _key ??= await ReadKeyAsync(cancellation);
        return SealOf(key, subject, id, first, body.Span);
    }

    /// <summary>Whether a seal is that of this very replay.</summary>
    /// <exception cref="System.Data.Common.DbException">The key can't be read.</exception>
    public async ValueTask<bool> IsGoodAsync(
        string? seal, string subject, Guid id, Guid first, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (seal is null)
        {
            return false;
        }

        var good = await SealAsync(subject, id, first, body, cancellation);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(seal), Encoding.UTF8.GetBytes(good));
    }

    internal static string SealOf(byte[] key, string subject, Guid id, Guid first, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{subject}\n{id}\n{first}\n"));
        hash.AppendData(body);
        return Base64Url.EncodeToString(hash.GetHashAndReset());
    }

    private async Task<byte[]> ReadKeyAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenUpkeepReaderAsync(cancellation);
        return await connection.ExecuteScalarAsync<byte[]>(new CommandDefinition("SELECT key FROM replay_key", cancellationToken: cancellation))
            ?? throw new InvalidOperationException("The database has no key for replays; it was not made by this program.");
    }
}
