using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using NATS.Client.Core;

namespace Wolverine.Nats.Connection;

/// <summary>
/// Remembers what the server forbade. It says so apart from the operation, which only sees that no answer comes.
/// </summary>
internal sealed partial class PermissionRefusals : IDisposable
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly NatsConnection _connection;
    private readonly ConcurrentDictionary<(string Operation, string Subject), DateTimeOffset> _refused = new();

    public PermissionRefusals(NatsConnection connection)
    {
        _connection = connection;
        _connection.ServerError += OnServerErrorAsync;
    }

    /// <summary>Whether the server forbade to publish there within the last minute; permissions may be given back.</summary>
    public bool Publishing(string subject) => Refused("Publish", subject);

    /// <summary>Whether the server forbade to subscribe there within the last minute.</summary>
    public bool Subscribing(string subject) => Refused("Subscription", subject);

    public void Dispose() => _connection.ServerError -= OnServerErrorAsync;

    private bool Refused(string operation, string subject) =>
        _refused.TryGetValue((operation, subject), out var at) && DateTimeOffset.UtcNow - at < Memory;

    private ValueTask OnServerErrorAsync(object? sender, NatsServerErrorEventArgs error)
    {
        if (Violation().Match(error.Error) is { Success: true } violation)
        {
            _refused[(violation.Groups[1].Value, violation.Groups[2].Value)] = DateTimeOffset.UtcNow;
        }

        return ValueTask.CompletedTask;
    }

    [GeneratedRegex("""^Permissions Violation for (Publish|Subscription) to "([^"]+)""")]
    private static partial Regex Violation();
}
