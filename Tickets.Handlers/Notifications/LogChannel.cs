using System.Buffers;
using System.Text.Json;
using Tickets.Contracts;
using Tickets.Contracts.Notifications;

namespace Tickets.Handlers.Notifications;

/// <summary>The default channel: one line of JSON for each notification, whatever the log's level.</summary>
/// <param name="output">Where the lines go. Default: standard output.</param>
public sealed class LogChannel(Stream? output = null) : INotificationChannel, IDisposable
{
    /// <summary>The channel's name.</summary>
    public const string ChannelName = "log";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Stream _output = output ?? Console.OpenStandardOutput();

    /// <inheritdoc/>
    public string Name => ChannelName;

    /// <inheritdoc/>
    public async Task DeliverAsync(NotificationRequested request, CancellationToken cancellation)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            JsonSerializer.Serialize(json, request, WireJson.Default.NotificationRequested);
        }

        line.Write("\n"u8);
        await _gate.WaitAsync(cancellation);
        await Task.Run(() => Write(line.WrittenSpan), CancellationToken.None).WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _output.Dispose();

    // Nothing interrupts a write to standard output: when its reader stalls, one thread waits here, no more. A line that was
    // begun is written in the end, also when its delivery has been given up meanwhile.
    private void Write(ReadOnlySpan<byte> line)
    {
        try
        {
            _output.Write(line);
        }
        finally
        {
            _gate.Release();
        }
    }
}
