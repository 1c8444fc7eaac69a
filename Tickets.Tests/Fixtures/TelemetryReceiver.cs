using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Tickets.Tests.Fixtures;

/// <summary>Takes spans and metrics by OTLP over HTTP, as a collector does (OpenTelemetry protocol 1.x, binary protobuf).</summary>
public sealed class TelemetryReceiver : IAsyncDisposable
{
    private const int LengthDelimited = 2;
    private WebApplication _app = null!;

    private TelemetryReceiver()
    {
    }

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = [];

    /// <summary>Requests with metrics, as they came.</summary>
    public ConcurrentQueue<byte[]> Metrics { get; } = [];

    /// <summary>The settings of a service that sends here, soon after each span, and metrics twice a second.</summary>
    public (string Name, string Value)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", $"{_app.Address()}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "200"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
    ];

    public static async Task<TelemetryReceiver> StartAsync()
    {
        var receiver = new TelemetryReceiver();
        receiver._app = await LoopbackHttp.ServeAsync(app =>
        {
            app.MapPost("/v1/traces", (HttpRequest request) => TakeAsync(request, body => receiver.ReadRequest(body)));
            app.MapPost("/v1/metrics", (HttpRequest request) => TakeAsync(request, receiver.Metrics.Enqueue));
        });
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<IResult> TakeAsync(HttpRequest request, Action<byte[]> take)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        take(body.ToArray());
        return Results.Bytes([], "application/x-protobuf");
    }

    // ExportTraceServiceRequest.resource_spans = 1, ResourceSpans.scope_spans = 2, ScopeSpans.spans = 2.
    private void ReadRequest(ReadOnlySpan<byte> request) => ForEach(request, (field, resource) =>
    {
        if (field == 1)
        {
            ForEach(resource, (inResource, scope) =>
            {
                if (inResource == 2)
                {
                    ForEach(scope, (inScope, span) =>
                    {
                        if (inScope == 2)
                        {
                            Spans.Enqueue(ReadSpan(span));
                        }
                    });
                }
            });
        }
    });

    // Span: trace_id = 1, span_id = 2, parent_span_id = 4, name = 5, start_time_unix_nano = 7.
    private static ReceivedSpan ReadSpan(ReadOnlySpan<byte> span)
    {
        var (trace, id, parent, name, start) = (string.Empty, string.Empty, string.Empty, string.Empty, 0UL);
        ForEach(span, (field, value) =>
        {
            switch (field)
            {
                case 1: trace = Convert.ToHexStringLower(value); break;
                case 2: id = Convert.ToHexStringLower(value); break;
                case 4: parent = Convert.ToHexStringLower(value); break;
                case 5: name = Encoding.UTF8.GetString(value); break;
                case 7: start = BinaryPrimitives.ReadUInt64LittleEndian(value); break;
                default: break;
            }
        });
        return new ReceivedSpan(trace, id, parent, name, start);
    }

    private static void ForEach(ReadOnlySpan<byte> message, FieldAction action)
    {
        while (!message.IsEmpty)
        {
            var key = Varint(ref message);
            var length = (int)(key & 7) switch
            {
                LengthDelimited => (int)Varint(ref message),
                1 => 8,
                5 => 4,
                _ => LengthOfVarint(message),
            };
            action((int)(key >> 3), message[..length]);
            message = message[length..];
        }
    }

    private static ulong Varint(ref ReadOnlySpan<byte> from)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = from[0];
            from = from[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static int LengthOfVarint(ReadOnlySpan<byte> from) => from.IndexOfAnyInRange<byte>(0, 0x7F) + 1;

    private delegate void FieldAction(int field, ReadOnlySpan<byte> value);
}
