using System.Text.Json;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Records;

namespace Tickets.Api.DeadLetters;

/// <summary>What has come of notifications that were given up, from what is known of their delivery.</summary>
internal sealed class NotificationFates(NotificationQueries notifications, ReplayNotes notes, Relapses relapses)
{
    private const int Ok = 200;
    private const int BadGateway = 502;

    /// <summary>The notification that a letter asks for; null when it can't be read.</summary>
    public static NotificationRequested? Read(Letter letter)
    {
        try
        {
            return JsonSerializer.Deserialize(letter.Body, WireJson.Default.NotificationRequested);
        }
        catch (JsonException)
        {
            // Which may be why it is here.
            return null;
        }
    }

    /// <param name="letter">The dead letter of a tenant's notification.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<LetterFate> FindAsync(Letter letter, CancellationToken cancellation)
    {
        var note = await notes.FindAsync(letter, cancellation);
        var replay = new Replay(ReplayStatus.None, note?.MessageId, note?.At);
        if (await SettledAsync(letter, cancellation) is { } settled)
        {
            var outcome = new CommandOutcome(
                settled.Status == NotificationStatus.Failed ? BadGateway : Ok, JsonSerializer.Serialize(settled, WireJson.Default.Notification));
            var status = outcome.Status == Ok ? ReplayStatus.Succeeded : ReplayStatus.Refused;
            return new LetterFate(replay with { Status = status, Outcome = outcome }, ReplayIdentity.Of(letter, attempt: 0));
        }

        var relapsed = await relapses.FindAsync(letter, cancellation);
        var next = ReplayIdentity.Of(letter, relapsed.Count);
        return new LetterFate(
            note?.MessageId == next ? replay with { Status = ReplayStatus.Pending }
            : relapsed.Count > 0 ? replay with { Status = ReplayStatus.DeadLettered, DeadLetter = relapsed[^1] }
            : replay,
            next);
    }

    private async Task<Notification?> SettledAsync(Letter letter, CancellationToken cancellation) =>
        Read(letter) is { } request
        && await notifications.FindAsync(letter.Tenant!, request.Id, cancellation) is { Status: not NotificationStatus.Pending } settled ? settled : null;
}
