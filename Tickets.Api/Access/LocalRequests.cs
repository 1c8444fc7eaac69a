using System.Net;
using Tickets.Api.Routes;

namespace Tickets.Api.Access;

/// <summary>
/// Where nobody has to sign in because only this machine can reach the service, a proxy on this machine, or a page in its browser
/// whose name was made to point here, would open it to others. Both show in the request.
/// </summary>
internal static class LocalRequests
{
    private static readonly string[] OfProxies = ["X-Forwarded-For", "Forwarded", "X-Forwarded-Host", "X-Real-IP", "Via"];

    public static void UseLocalRequestsOnly(this IApplicationBuilder app) => app.Use((context, next) => FaultOf(context.Request) is { } fault
        ? Problems.Of(StatusCodes.Status403Forbidden, "not_local", $"{fault} Set AUTH_MODE, or ALLOW_ANONYMOUS=true to have it open.").ExecuteAsync(context)
        : next(context));

    private static string? FaultOf(HttpRequest request)
    {
        foreach (var header in OfProxies)
        {
            if (request.Headers.ContainsKey(header))
            {
                return $"Nobody has to sign in here, and the request came through a proxy ({header}).";
            }
        }

        return IsLocal(request.Host.Value) ? null : "Nobody has to sign in here, and the request is for a host of another name.";
    }

    // Names that no one else can make point elsewhere (RFC 6761, section 6.3). By the text, because this is in every request's way.
    private static bool IsLocal(ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        var name = colon < 0 || host[colon..].Contains(']') ? host : host[..colon];
        return name is "127.0.0.1" or "localhost" or "[::1]" or ""
            || name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }
}
