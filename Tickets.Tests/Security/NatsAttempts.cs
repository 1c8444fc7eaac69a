using System.Collections.Concurrent;
using NATS.Client.Core;
using NatsServers;

namespace Tickets.Tests.Security;

/// <summary>Tries what a user may be forbidden to do, and hears what the server says to it.</summary>
internal sealed class NatsAttempts(NatsConnection connection) : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _errors = new();

    public NatsConnection Connection => connection;

    public static async Task<NatsAttempts> OpenAsync(NatsConnection connection)
    {
        var attempts = new NatsAttempts(connection);
        connection.ServerError += (_, error) =>
        {
            attempts._errors.Enqueue(error.Error);
            return ValueTask.CompletedTask;
        };
        await connection.ConnectAsync();
        return attempts;
    }

    /// <summary>Whether the server refuses a publish. It answers a ping after what came before.</summary>
    public async Task<bool> MayPublishAsync(string subject, string? replyTo = null)
    {
        await connection.PublishAsync(subject, Array.Empty<byte>(), replyTo: replyTo);
        return await AllowedAsync($"Publish to \"{subject}\"");
    }

    /// <summary>Whether the server refuses a subscription.</summary>
    public async Task<bool> MaySubscribeAsync(string subject)
    {
        await using var subscription = await connection.SubscribeCoreAsync<byte[]>(subject);
        return await AllowedAsync($"Subscription to \"{subject}\"");
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    // The client tells of a refusal a moment after the server has, and hands them on in their order: the second one comes last.
    private async Task<bool> AllowedAsync(string what)
    {
        const string Marker = "$forbidden.marker";
        await connection.PublishAsync(Marker, Array.Empty<byte>());
        await Eventually.Async(() => _errors.Any(error => error.Contains(Marker, StringComparison.Ordinal)), TimeSpan.FromSeconds(20), "the server refuses the marker");
        var heard = _errors.ToArray();
        _errors.Clear();
        return !Array.Exists(heard, error => error.Contains(what, StringComparison.OrdinalIgnoreCase));
    }
}
