using Microsoft.AspNetCore.Http.HttpResults;
using Tickets.Api.Description;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Records;

namespace Tickets.Api.Routes;

/// <summary>What is written down about tickets: the audit trail, and who was told.</summary>
internal static class RecordRoutes
{
    private const string Tag = "Records";

    public static void MapRecords(this IEndpointRouteBuilder app)
    {
        var records = new Page<AuditRecorded>([Examples.Audit], null);
        app.MapGet(TicketRoutes.Path + "/{id}/history", HistoryAsync).Describe(Tag, "What happened to a ticket, newest first, also when it is gone")
            .Pages().Answers(StatusCodes.Status200OK, records).Refuses(DescribedProblem.TicketNotFound);
        app.MapGet("/api/v1/audit", AuditAsync).Describe(Tag, "What happened, newest first")
            .Pages().Answers(StatusCodes.Status200OK, records);
        app.MapGet("/api/v1/notifications", NotificationsAsync).Describe(Tag, "Who was told, newest first")
            .Pages().Answers(StatusCodes.Status200OK, new Page<Notification>([Examples.Notification], null));
    }

    // A ticket that is gone has left its records.
    private static async Task<Results<Ok<Page<AuditRecorded>>, ProblemHttpResult>> HistoryAsync(
        Tenant tenant, string id, PageRequest page, AuditQueries audit, HttpResponse response, CancellationToken cancellation)
    {
        var found = await audit.PageAsync(tenant.Name, TicketId.Read(id), page.After, page.Limit, cancellation);
        return found.Records.Count == 0 && page.After is null ? Problems.TicketNotFound(id) : PageOf(found, page, response);
    }

    private static async Task<Ok<Page<AuditRecorded>>> AuditAsync(
        Tenant tenant, PageRequest page, AuditQueries audit, HttpResponse response, CancellationToken cancellation) =>
        PageOf(await audit.PageAsync(tenant.Name, ticketId: null, page.After, page.Limit, cancellation), page, response);

    private static async Task<Ok<Page<Notification>>> NotificationsAsync(
        Tenant tenant, PageRequest page, NotificationQueries notifications, HttpResponse response, CancellationToken cancellation) =>
        TypedResults.Ok(page.Cut(
            await notifications.ListAsync(tenant.Name, page.After, page.Limit + 1, cancellation), notification => notification.Id, response));

    private static Ok<Page<AuditRecorded>> PageOf(AuditPage found, PageRequest page, HttpResponse response) =>
        TypedResults.Ok(page.Of(found.Records, found.HasMore, record => record.Id, response));
}
