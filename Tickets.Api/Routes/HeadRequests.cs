namespace Tickets.Api.Routes;

/// <summary>HEAD wherever there is GET (RFC 9110, 9.3.2). It is handled as one, and the server leaves the body out.</summary>
internal static class HeadRequests
{
    /// <summary>Belongs before the routing.</summary>
    public static void UseHeadRequests(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // Events have no end that a client could wait for.
        if (HttpMethods.IsHead(context.Request.Method) && !EventRoutes.IsMeant(context.Request.Path))
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    });
}
