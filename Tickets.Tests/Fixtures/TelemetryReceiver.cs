using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using NatsServers;

namespace Tickets.Tests.Fixtures;

/// <summary>Takes spans and metrics by OTLP over HTTP, as a collector does (OpenTelemetry protocol 1.x, binary protobuf).</summary>
public sealed class TelemetryReceiver : IAsyncDisposable
{
    private const int LengthDelimited = 2;
    private readonly HttpListener _listener = new();
    private readonly Task _receiving;

    public TelemetryReceiver()
    {
        Url = $"http://127.0.0.1:{FreePort.Next()}";
        _listener.Prefixes.Add($"{Url}/");
        _listener.Start();
        _receiving = ReceiveAsync();
    }

    public string Url { get; }

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = [];

    /// <summary>Requests with metrics, as they came.</summary>
    public ConcurrentQueue<byte[]> Metrics { get; } = [];

    /// <summary>The settings of a service that sends here, soon after each span, and metrics twice a second.</summary>
    public (string Name, string Value)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "200"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
    ];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _receiving;
        _listener.Close();
    }

    private async Task ReceiveAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                if (context.Request.Url!.AbsolutePath == "/v1/metrics")
                {
                    Metrics.Enqueue(body.ToArray());
                }
                else
                {
                    ReadRequest(body.ToArray());
                }

                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
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
