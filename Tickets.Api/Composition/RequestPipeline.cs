using Tickets.Api.Access;
using Tickets.Api.Admission;
using Tickets.Api.Description;
using Tickets.Api.Lifecycle;
using Tickets.Api.Routes;

namespace Tickets.Api.Composition;

/// <summary>The way of a request over HTTP.</summary>
internal static class RequestPipeline
{
    /// <summary>What each request goes through, in this order.</summary>
    public static void UseRequestPipeline(this WebApplication app, ServiceOptions options)
    {
        app.UseHeadRequests();
        app.UseRouting();
        app.UseStopLimit();
        app.UseCorrelation();
        app.UseCaching(options.TenantHeader);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseClosedService();
        app.UseAccess(options.Access);
        if (options.Does(ServiceRole.Api))
        {
            app.UseRateLimits();
            app.UseAdmission();
            app.UseKnownParameters();
        }
    }

    /// <summary>What may be asked.</summary>
    public static void MapRequests(this WebApplication app, ServiceOptions options)
    {
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics").Needs(Scopes.Metrics);
        if (options.Does(ServiceRole.Api))
        {
            app.MapTickets();
            app.MapComments();
            app.MapRecords();
            app.MapEvents();
            app.MapOperations();
            app.MapDeadLetters();
            app.MapApiDescription();
        }
    }
}
