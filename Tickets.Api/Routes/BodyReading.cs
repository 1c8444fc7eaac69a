using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Tickets.Api.Routes;

/// <summary>Reads a body as a whole, within its limits of size and time.</summary>
internal static class BodyReading
{
    private const int LargestDiscarded = 8 * 1024 * 1024;

    // At the least rate that the server asks for, one would hold its place among the writes for 18 minutes.
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(30);

    /// <summary>Reads it. The reader is to be advanced to its end once it is parsed.</summary>
    /// <exception cref="BadHttpRequestException">It is too large (413), or comes too slowly (408).</exception>
    public static async ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpContext context, PipeReader reader)
    {
        AllowMoreThanIsTaken(context);

        // Nearly every body is there by now, as a whole: it needs no clock.
        if (reader.TryRead(out var first) && WholeOf(first, reader) is { } whole)
        {
            return whole;
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
            if (WholeOf(await reader.ReadAsync(cancellation), reader) is { } whole)
            {
                return whole;
            }
        }
    }

    // Null while more of it is to come.
    private static ReadOnlySequence<byte>? WholeOf(ReadResult read, PipeReader reader)
    {
        if (read.Buffer.Length > HttpApi.LargestBody)
        {
            reader.AdvanceTo(read.Buffer.End);
            throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
        }

        if (read.IsCompleted)
        {
            return read.Buffer;
        }

        reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        return null;
    }

    // The server ends the connection with its own limit, and a client that sends all before it reads has no answer then (RFC 9110,
    // 15.5.14): so it may read more than is taken. It does so once it has answered, for 5 seconds at most. Not of a client that asks first.
    private static void AllowMoreThanIsTaken(HttpContext context)
    {
        if (context.Request.ContentLength is not <= HttpApi.LargestBody && context.Request.Headers.Expect.Count == 0)
        {
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = LargestDiscarded;
        }
    }
}
