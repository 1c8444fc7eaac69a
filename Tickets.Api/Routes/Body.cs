using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;

namespace Tickets.Api.Routes;

/// <summary>
/// The body of a request, JSON in UTF-8 (RFC 8259). It is read as a whole before it is parsed, as it is small: the framework's own
/// binding parses while it reads, which costs a request several times as much.
/// </summary>
/// <param name="Value">What it says.</param>
internal sealed record Body<T>(T Value)
    where T : class
{
    /// <summary>Reads it for a route that asks for it.</summary>
    /// <exception cref="BadHttpRequestException">There is none, it is of another media type, too large, too slow, or not such JSON.</exception>
    public static async ValueTask<Body<T>> BindAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            throw Missing();
        }

        if (!JsonMediaType.IsTaken(context.Request) || !JsonMediaType.IsPlain(context.Request.Headers.ContentEncoding))
        {
            throw new BadHttpRequestException("The body is not JSON, or encoded.", StatusCodes.Status415UnsupportedMediaType);
        }

        var reader = context.Request.BodyReader;
        var body = await BodyReading.ReadAsync(context, reader);
        try
        {
            return new Body<T>(Parse(body, (JsonTypeInfo<T>)RequestJson.Of(typeof(T))));
        }
        finally
        {
            reader.AdvanceTo(body.End);
        }
    }

    private static T Parse(ReadOnlySequence<byte> body, JsonTypeInfo<T> form)
    {
        var json = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        if (json.StartsWith(Encoding.UTF8.Preamble))
        {
            json = json[Encoding.UTF8.Preamble.Length..];
        }

        if (json.IsEmpty)
        {
            throw Missing();
        }

        try
        {
            return JsonSerializer.Deserialize(json, form) ?? throw Missing();
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException("The body is not such JSON.", StatusCodes.Status400BadRequest, e);
        }
    }

    private static BadHttpRequestException Missing() => new("There is no body.", StatusCodes.Status400BadRequest);
}
