using System.Diagnostics;
using Tickets.Contracts;

namespace Tickets.Api.Routes;

/// <summary>
/// What ties a request to all that follows from it: taken from <c>X-Correlation-ID</c>, or else the trace's id, kept
/// through every message, and returned.
/// </summary>
internal static class Correlation
{
    private static readonly Func<object, Task> Return = context => ReturnAsync((HttpContext)context);

    public static void UseCorrelation(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var given = context.Request.Headers[CommandHeaders.CorrelationId];
        context.TraceIdentifier =
            given is [{ } value] && CommandHeaders.IsCorrelationId(value) ? value : Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

        // When the answer starts: faults clear what was set before.
        context.Response.OnStarting(Return, context);
        return next(context);
    });

    /// <summary>The request's.</summary>
    public static string Of(HttpContext context) => context.TraceIdentifier;

    private static Task ReturnAsync(HttpContext context)
    {
        context.Response.Headers[CommandHeaders.CorrelationId] = Of(context);
        return Task.CompletedTask;
    }
}
