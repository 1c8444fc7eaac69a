using NATS.Client.Core;
using Tickets.Handlers.Storage;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Routes;

/// <summary>Whether the process lives, and whether it can do its work now.</summary>
internal static class HealthRoutes
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Ok(new { status = "live" }));
        app.MapGet("/health/ready", IResult (IWolverineRuntime runtime, GroupCommitter committer) =>
        {
            var faults = Faults(runtime.Options.NatsTransport(), committer).ToArray();
            return TypedResults.Json(
                new { status = faults.Length == 0 ? "ready" : "not_ready", faults },
                statusCode: faults.Length == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
    }

    private static IEnumerable<string> Faults(NatsTransport nats, GroupCommitter committer)
    {
        if (nats.Connection.ConnectionState != NatsConnectionState.Open)
        {
            yield return "NATS is out of reach";
        }

        foreach (var (listener, fault) in nats.Health.Faults)
        {
            yield return $"{NatsEndpointUri.SubjectOf(listener)}: {fault}";
        }

        if (!committer.Healthy)
        {
            yield return "the database can't be written";
        }
    }
}
