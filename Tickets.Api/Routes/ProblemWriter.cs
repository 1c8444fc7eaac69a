using System.Net.Mime;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Tickets.Api.Routes;

/// <summary>
/// Writes problems whatever the client accepts, as RFC 9110, 12.4.1, allows. The framework's writer leaves those out that do not accept JSON:
/// they would get text, without the code.
/// </summary>
internal sealed class ProblemWriter(IOptions<ProblemDetailsOptions> problems, IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var response = context.HttpContext.Response;
        context.ProblemDetails.Status ??= response.StatusCode;

        // Gives it the type of its status.
        var problem = TypedResults.Problem(context.ProblemDetails).ProblemDetails;
        problems.Value.CustomizeProblemDetails?.Invoke(context);
        await response.WriteAsJsonAsync(problem, typeof(ProblemDetails), json.Value.SerializerOptions, MediaTypeNames.Application.ProblemJson);
    }
}
