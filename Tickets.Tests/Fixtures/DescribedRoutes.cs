using System.Net.Http.Json;

namespace Tickets.Tests.Fixtures;

/// <summary>Requests to every route that the service describes, so that none is forgotten.</summary>
public static class DescribedRoutes
{
    private const int AtLeast = 15;

    public static async Task<IReadOnlyList<(HttpMethod Method, string Path)>> RoutesAsync(this TicketService service, (string, string) credential)
    {
        using var response = await service.GetAsync(null, "/openapi/v1.json", credential);
        var routes = (await response.JsonAsync()).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => (new HttpMethod(method.Name.ToUpperInvariant()), path.Name))).ToArray();
        routes.Length.ShouldBeGreaterThanOrEqualTo(AtLeast);
        return routes;
    }

    /// <summary>Sends what the route takes.</summary>
    public static Task<HttpResponseMessage> SendAsync(this TicketService service, HttpMethod method, string path, string tenant, (string, string) credential) => service.SendAsync(
        method,
        tenant,
        path,
        method == HttpMethod.Get || method == HttpMethod.Delete ? null
            : path.EndsWith("comments", StringComparison.Ordinal) ? JsonContent.Create(new { author = "eve", body = "hello" })
            : method == HttpMethod.Patch ? JsonContent.Create(new { title = "stolen" })
            : JsonContent.Create(new { title = "t", created_by = "eve" }),
        credential);
}
