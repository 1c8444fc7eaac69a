using System.Buffers;
using System.IO.Pipelines;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Tickets.Api.Routes;

/// <summary>
/// The body of a request, JSON in UTF-8 (RFC 8259). It is read as a whole before it is parsed, as it is small: the framework's own
/// binding parses while it reads, which costs a request several times as much.
/// </summary>
/// <param name="Value">What it says.</param>
internal sealed record Body<T>(T Value)
    where T : class
{
    private const int LargestDiscarded = 8 * 1024 * 1024;
    private static readonly TimeSpan LongestDiscard = TimeSpan.FromSeconds(5);

    // At the least rate that the server asks for, one would hold its place among the writes for 18 minutes.
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(30);

    /// <summary>Reads it for a route that asks for it.</summary>
    /// <exception cref="BadHttpRequestException">There is none, it is of another media type, too large, too slow, or not such JSON.</exception>
    public static async ValueTask<Body<T>> BindAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            throw Missing();
        }

        if (!IsJson(context.Request.ContentType) || !IsPlain(context.Request.Headers.ContentEncoding))
        {
            throw new BadHttpRequestException("The body is not JSON, or encoded.", StatusCodes.Status415UnsupportedMediaType);
        }

        var form = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions.GetTypeInfo(typeof(T));
        var reader = context.Request.BodyReader;
        var body = await ReadAsync(context, reader);
        try
        {
            return new Body<T>(Parse(body, (JsonTypeInfo<T>)form));
        }
        finally
        {
            reader.AdvanceTo(body.End);
        }
    }

    private static async ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpContext context, PipeReader reader)
    {
        HearOut(context);

        // Nearly every body is there by now, as a whole: it needs no clock.
        if (reader.TryRead(out var first))
        {
            if (first.IsCompleted && first.Buffer.Length <= HttpApi.LargestBody)
            {
                return first.Buffer;
            }

            reader.AdvanceTo(first.Buffer.Start, first.Buffer.End);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(LongestRead);
        try
        {
            return await ReadToEndAsync(reader, limit.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body comes too slowly.", StatusCodes.Status408RequestTimeout);
        }
    }

    private static async ValueTask<ReadOnlySequence<byte>> ReadToEndAsync(PipeReader reader, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            if (read.Buffer.Length > HttpApi.LargestBody)
            {
                reader.AdvanceTo(read.Buffer.End);
                await DiscardAsync(reader, read.IsCompleted, cancellation);
                throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
            }

            if (read.IsCompleted)
            {
                return read.Buffer;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    // The server ends the connection with its own limit, and a client that sends all before it reads has no answer then (RFC 9110,
    // 15.5.14): so more is read than is taken. Not of a client that asks first.
    private static void HearOut(HttpContext context)
    {
        if (context.Request.ContentLength is not <= HttpApi.LargestBody && context.Request.Headers.Expect.Count == 0)
        {
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = LargestDiscarded;
        }
    }

    private static async ValueTask DiscardAsync(PipeReader reader, bool isCompleted, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestDiscard);
        try
        {
            while (!isCompleted)
            {
                var read = await reader.ReadAsync(limit.Token);
                isCompleted = read.IsCompleted;
                reader.AdvanceTo(read.Buffer.End);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It has had its time.
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

    private static bool IsPlain(StringValues coding) =>
        coding.Count == 0 || (coding is [{ } only] && only.Equals("identity", StringComparison.OrdinalIgnoreCase));

    // By the text first: nearly every client sends one of the two.
    private static bool IsJson(string? mediaType) =>
        mediaType is MediaTypeNames.Application.Json or "application/json; charset=utf-8"
        || (MediaTypeHeaderValue.TryParse(mediaType, out var parsed)
            && (parsed.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase) || parsed.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!parsed.Charset.HasValue || HeaderUtilities.RemoveQuotes(parsed.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)));
}
