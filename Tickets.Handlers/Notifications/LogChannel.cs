using System.Buffers;
using System.Text.Json;
using Tickets.Contracts;
using Tickets.Contracts.Notifications;

namespace Tickets.Handlers.Notifications;

/// <summary>The default channel: one line of JSON on standard output for each notification, whatever the log's level.</summary>
public sealed class LogChannel : INotificationChannel, IDisposable
{
    /// <summary>The channel's name.</summary>
    public const string ChannelName = "log";

    private readonly Lock _gate = new();
    private readonly Stream _output = Console.OpenStandardOutput();

    /// <inheritdoc/>
    public string Name => ChannelName;

    /// <inheritdoc/>
    public Task DeliverAsync(NotificationRequested request, CancellationToken cancellation)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            JsonSerializer.Serialize(json, request, WireJson.Default.NotificationRequested);
        }

        line.Write("\n"u8);
        lock (_gate)
        {
            _output.Write(line.WrittenSpan);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _output.Dispose();
}
