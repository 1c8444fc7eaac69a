using Microsoft.AspNetCore.Http.HttpResults;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Records;

namespace Tickets.Api.Routes;

/// <summary>What is written down about tickets: the audit trail, and who was told.</summary>
internal static class RecordRoutes
{
    public static void MapRecords(this IEndpointRouteBuilder app)
    {
        app.MapGet(TicketRoutes.Path + "/{id}/history", HistoryAsync);
        app.MapGet("/api/v1/audit", AuditAsync);
        app.MapGet("/api/v1/notifications", NotificationsAsync);
    }

    // A ticket that is gone has left its records.
    private static async Task<Results<Ok<Page<AuditRecorded>>, ProblemHttpResult>> HistoryAsync(
        Tenant tenant, TicketId id, PageRequest page, AuditQueries audit, HttpResponse response, CancellationToken cancellation)
    {
        var found = await audit.HistoryAsync(tenant.Name, id.Value, page.After, page.Limit + 1, cancellation);
        return found.Count == 0 && page.After is null ? Problems.TicketNotFound(id.Value.ToString()) : PageOf(found, page, response);
    }

    private static async Task<Ok<Page<AuditRecorded>>> AuditAsync(
        Tenant tenant, PageRequest page, AuditQueries audit, HttpResponse response, CancellationToken cancellation) =>
        PageOf(await audit.ListAsync(tenant.Name, page.After, page.Limit + 1, cancellation), page, response);

    private static async Task<Ok<Page<Notification>>> NotificationsAsync(
        Tenant tenant, PageRequest page, NotificationQueries notifications, HttpResponse response, CancellationToken cancellation) =>
        TypedResults.Ok(page.Cut(
            await notifications.ListAsync(tenant.Name, page.After, page.Limit + 1, cancellation), notification => notification.Id, response));

    private static Ok<Page<AuditRecorded>> PageOf(IReadOnlyList<AuditRecorded> found, PageRequest page, HttpResponse response) =>
        TypedResults.Ok(page.Cut(found, record => record.Id, response));
}
