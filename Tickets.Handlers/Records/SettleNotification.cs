using System.Data.Common;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Keeps that a pending notification was delivered or given up.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Id">The notification.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Error">Why it was given up; null when it was delivered.</param>
public sealed record SettleNotification(string Tenant, Guid Id, DateTimeOffset At, string? Error)
{
    // With the text in place of the parameter, PostgreSQL would go through the index of what is pending, and there through all that
    // was settled since its last vacuum.
    private const string Update = """
        UPDATE notifications SET status = @Status, settled_at = @SettledAt, error = @Error
        WHERE tenant = @Tenant AND id = @Id AND status = @Pending
        """;

    /// <summary>Writes it.</summary>
    /// <returns>False when it was settled before, by an earlier delivery of the same message.</returns>
    public async ValueTask<bool> ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        var row = new
        {
            Tenant,
            Id,
            Status = Error is null ? "delivered" : "failed",
            Pending = "pending",
            SettledAt = At,
            Error,
        };
        return await transaction.RunAsync(Update, row) == 1;
    }
}
