using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using NATS.Client.Core;

namespace Wolverine.Nats.Connection;

/// <summary>
/// Remembers what the server forbade. It says so apart from the operation, which only sees that no answer comes.
/// </summary>
internal sealed partial class PermissionRefusals : IDisposable
{
    /// <summary>How many refusals are remembered: the latest. Who names inboxes to reply to could fill the memory otherwise.</summary>
    internal const int Most = 256;

    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    private readonly NatsConnection _connection;
    private readonly bool _hasUser;
    private readonly ConcurrentDictionary<(string Operation, string Subject), DateTimeOffset> _refused = new();

    public PermissionRefusals(NatsConnection connection, bool hasUser)
    {
        _connection = connection;
        _hasUser = hasUser;
        _connection.ServerError += OnServerErrorAsync;
    }

    /// <summary>Whether the server forbade to publish there within the last minute; permissions may be given back.</summary>
    public bool Publishing(string subject) => Refused("Publish", subject);

    /// <summary>
    /// Whether the server forbids a subscription that was made just now. The client tells of it a moment after the server
    /// has, so one that a user has logged in to is given that moment.
    /// </summary>
    public async Task<bool> SubscribingAsync(string subject)
    {
        for (var waited = TimeSpan.Zero; waited < Moment && _hasUser; waited += Moment / 10)
        {
            if (Refused("Subscription", subject))
            {
                return true;
            }

            await Task.Delay(Moment / 10);
        }

        return Refused("Subscription", subject);
    }

    /// <summary>What the server forbade within the last minute, as a sentence; null when nothing.</summary>
    public string? Described => Lately() is { Length: > 0 } forbidden
        ? $"The server forbids this user to {string.Join(", ", forbidden)}. Give it these permissions."
        : null;

    /// <summary>Does something that needs permissions. When it fails, what the server forbade is the reason.</summary>
    /// <exception cref="BrokerUnusableException">The server forbids something.</exception>
    public async Task ExplainAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException && Described is not null)
        {
            throw new BrokerUnusableException(Described!);
        }
    }

    public void Dispose() => _connection.ServerError -= OnServerErrorAsync;

    private bool Refused(string operation, string subject) =>
        _refused.TryGetValue((operation, subject), out var at) && DateTimeOffset.UtcNow - at < Memory;

    // That it won't tell what it allows is no fault.
    private string[] Lately() =>
    [
        .. _refused
            .Where(refusal => DateTimeOffset.UtcNow - refusal.Value < Memory && refusal.Key.Subject != UserPermissions.UserInfo)
            .Select(refusal => $"{(refusal.Key.Operation == "Publish" ? "publish" : "subscribe")} to '{refusal.Key.Subject}'"),
    ];

    private ValueTask OnServerErrorAsync(object? sender, NatsServerErrorEventArgs error)
    {
        if (Violation().Match(error.Error) is { Success: true } violation)
        {
            _refused[(violation.Groups[1].Value, violation.Groups[2].Value)] = DateTimeOffset.UtcNow;
            if (_refused.Count > Most)
            {
                _refused.TryRemove(_refused.MinBy(refusal => refusal.Value).Key, out _);
            }
        }

        return ValueTask.CompletedTask;
    }

    [GeneratedRegex("""^Permissions Violation for (Publish|Subscription) to "([^"]+)""")]
    private static partial Regex Violation();
}
