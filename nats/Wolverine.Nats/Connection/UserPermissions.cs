using System.Text.Json;
using System.Text.Json.Serialization;
using NATS.Client.Core;

namespace Wolverine.Nats.Connection;

/// <summary>
/// What the connected user may do, as the server tells it on <c>$SYS.REQ.USER.INFO</c>. Servers that do not answer there
/// leave it open; a refusal is then noticed when it happens.
/// </summary>
/// <param name="Publish">Where it may publish; null means anywhere.</param>
/// <param name="Subscribe">Where it may subscribe; null means anywhere.</param>
internal sealed record UserPermissions(
    [property: JsonPropertyName("publish")] SubjectPermission? Publish,
    [property: JsonPropertyName("subscribe")] SubjectPermission? Subscribe)
{
    /// <summary>Where the server is asked.</summary>
    public const string UserInfo = "$SYS.REQ.USER.INFO";

    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    /// <returns>Null when the server does not say.</returns>
    public static async Task<UserPermissions?> AskAsync(NatsConnection connection, CancellationToken cancellation)
    {
        try
        {
            var answer = await connection.RequestAsync<byte[]>(
                UserInfo, replyOpts: new NatsSubOpts { Timeout = Limit }, cancellationToken: cancellation);

            // Of a user that may do everything the server names no permissions.
            return JsonSerializer.Deserialize<UserInfoAnswer>(answer.Data)?.Data is { } told ? told.Permissions ?? new UserPermissions(null, null) : null;
        }
        catch (Exception e) when (e is NatsException or JsonException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>What is needed and forbidden, one line each.</summary>
    public IEnumerable<string> Missing(IEnumerable<string> publish, IEnumerable<string> subscribe) =>
    [
        .. publish.Where(subject => Publish?.Allows(subject) == false).Select(subject => $"publish to '{subject}'"),
        .. subscribe.Where(subject => Subscribe?.Allows(subject) == false).Select(subject => $"subscribe to '{subject}'"),
    ];

    private sealed record UserInfoAnswer([property: JsonPropertyName("data")] UserInfoData? Data);

    private sealed record UserInfoData([property: JsonPropertyName("permissions")] UserPermissions? Permissions);
}
