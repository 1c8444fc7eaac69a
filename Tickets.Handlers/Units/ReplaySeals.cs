using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Units;

/// <summary>
/// Seals replays of dead letters, so that a worker knows them from what a tenant's own client may publish. Whoever can
/// replay a letter reads the database's secret anyway, and no tenant does. See ADR 19.
/// </summary>
public sealed class ReplaySeals(DatabaseSecret secret)
{
    /// <summary>The seal of a replay (HMAC-SHA256).</summary>
    /// <param name="subject">The subject that it is published to, which names the tenant.</param>
    /// <param name="id">The replay's identity as a command.</param>
    /// <param name="first">The command that was given up first.</param>
    /// <param name="body">Its body.</param>
    /// <param name="cancellation">Ends the reading of the secret.</param>
    /// <exception cref="System.Data.Common.DbException">The secret can't be read.</exception>
    public async ValueTask<string> SealAsync(string subject, Guid id, Guid first, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var key = await secret.ReadAsync(cancellation);
        return SealOf(key, subject, id, first, body.Span);
    }

    /// <summary>Whether a seal is that of this very replay.</summary>
    /// <exception cref="System.Data.Common.DbException">The secret can't be read.</exception>
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
}
