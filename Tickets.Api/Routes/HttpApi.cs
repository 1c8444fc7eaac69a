using System.Diagnostics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.WebUtilities;
using Tickets.Contracts;

namespace Tickets.Api.Routes;

/// <summary>What all routes share: JSON, limits and the form of errors.</summary>
internal static class HttpApi
{
    /// <summary>The largest request body in bytes.</summary>
    public const int LargestBody = 256 * 1024;

    private const int MostConnections = 10_000;
    private const int LargestBuffer = 64 * 1024;
    private static readonly TimeSpan SlowestHeaders = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);
    private static readonly MinDataRate SlowestTransfer = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    public static IServiceCollection AddHttpApi(this IServiceCollection services) => services
        .ConfigureHttpJsonOptions(json =>
        {
            WireJson.Configure(json.SerializerOptions);
            json.SerializerOptions.TypeInfoResolverChain.Insert(1, ApiJson.Default);
        })
        .Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Limit(kestrel.Limits);
        })
        .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true)
        .AddExceptionHandler<ExceptionProblems>()
        .AddSingleton<IProblemDetailsWriter, ProblemWriter>()
        .AddProblemDetails(problems => problems.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            problem.Title = ReasonPhrases.GetReasonPhrase(problem.Status ?? context.HttpContext.Response.StatusCode);
            problem.Detail ??= DetailOf(problem.Status, context.HttpContext.Request);
            if (problem.Status == StatusCodes.Status415UnsupportedMediaType && HttpMethods.IsPatch(context.HttpContext.Request.Method))
            {
                context.HttpContext.Response.Headers["Accept-Patch"] = JsonMediaType.Patches;
            }

            if (problem.Status == StatusCodes.Status413PayloadTooLarge && problem.Extensions.TryAdd("code", ProblemCodes.PayloadTooLarge))
            {
                problem.Extensions["limit"] = LargestBody;
                if (context.HttpContext.Request.ContentLength is { } size)
                {
                    problem.Extensions["size"] = size;
                }
            }

            problem.Extensions.TryAdd("code", problem.Title.Replace(' ', '_').ToLowerInvariant());
            problem.Extensions.Remove("traceId");
            problem.Extensions["trace_id"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
        });

    /// <summary>Whether a path is one of the API, in capital letters or not.</summary>
    public static bool Has(PathString path) => path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    // What Kestrel and the routing refuse, they refuse without a word.
    private static string? DetailOf(int? status, HttpRequest request) => status switch
    {
        StatusCodes.Status408RequestTimeout => "The body came too slowly.",
        StatusCodes.Status413PayloadTooLarge when request.ContentLength is { } size => $"A body may have at most {LargestBody} bytes; this one has {size}.",
        StatusCodes.Status413PayloadTooLarge => $"A body may have at most {LargestBody} bytes.",
        StatusCodes.Status415UnsupportedMediaType when HttpMethods.IsPatch(request.Method) =>
            "Send application/merge-patch+json or application/json in UTF-8, without a Content-Encoding.",
        StatusCodes.Status415UnsupportedMediaType => "Send application/json in UTF-8, without a Content-Encoding.",
        _ => null,
    };

    // What a client may cost before anybody looks at what it asks, in memory and in time.
    private static void Limit(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = MostConnections;
        limits.MaxRequestBodySize = LargestBody;
        limits.MaxRequestBufferSize = LargestBuffer;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.RequestHeadersTimeout = SlowestHeaders;
        limits.KeepAliveTimeout = LongestSilence;
        limits.MinRequestBodyDataRate = SlowestTransfer;
        limits.MinResponseDataRate = SlowestTransfer;
    }
}
