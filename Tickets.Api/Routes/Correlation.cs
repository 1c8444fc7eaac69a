using System.Diagnostics;
using Tickets.Contracts;

namespace Tickets.Api.Routes;

/// <summary>
/// What ties a request to all that follows from it: taken from <c>X-Correlation-ID</c>, or else the trace's id, kept
/// through every message, and returned.
/// </summary>
internal static class Correlation
{
    public static void UseCorrelation(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var given = context.Request.Headers[CommandHeaders.CorrelationId];
        context.Response.Headers[CommandHeaders.CorrelationId] =
            given is [{ } value] && CommandHeaders.IsCorrelationId(value) ? value : Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        return next(context);
    });

    /// <summary>The request's.</summary>
    public static string? Of(HttpContext context) => context.Response.Headers[CommandHeaders.CorrelationId];
}
