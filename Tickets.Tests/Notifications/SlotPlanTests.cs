using Dapper;
using Tickets.Handlers.Notifications;
using Tickets.Handlers.Storage.Sqlite;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Notifications;

/// <summary>A place is looked up by its ticket, however many notifications the tenant has.</summary>
public sealed class SlotPlanTests : IAsyncLifetime
{
    private TestStorage _storage = null!;

    public async ValueTask InitializeAsync() => _storage = await TestStorage.CreateAsync(StorageKind.Sqlite);

    [Fact]
    public void no_lookup_goes_through_all_notifications_of_a_tenant()
    {
        using var connection = ((SqliteDatabase)_storage.Database).OpenReader();
        var parameters = new DynamicParameters();
        foreach (var name in new[] { "Tenant", "Id", "TicketId", "Reason", "Channel", "Since", "PendingSince" })
        {
            parameters.Add(name, "x");
        }

        var steps = connection.Query($"EXPLAIN QUERY PLAN {NotificationSlots.Reservation.StatusOf}", parameters).Select(step => (string)step.detail)
            .Where(step => step.Contains("notifications", StringComparison.Ordinal)).ToArray();

        steps.ShouldNotBeEmpty();
        steps.ShouldAllBe(step => step.StartsWith("SEARCH", StringComparison.Ordinal)
            && (step.Contains("ticket_id=?", StringComparison.Ordinal) || step.Contains("id=?", StringComparison.Ordinal)));
    }

    public ValueTask DisposeAsync() => _storage.DisposeAsync();
}
