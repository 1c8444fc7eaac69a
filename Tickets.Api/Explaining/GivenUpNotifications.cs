using Tickets.Api.DeadLetters;
using Tickets.Contracts;
using Tickets.Contracts.Notifications;

namespace Tickets.Api.Explaining;

/// <summary>Looks for a pending notification among the dead letters.</summary>
internal sealed class GivenUpNotifications(LetterStream letters, NotificationFates fates)
{
    /// <summary>Its newest letter; null when there is none, or a replay of it is under way.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="notification">The notification.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="NATS.Client.Core.NatsException">NATS is out of reach.</exception>
    public async Task<Letter?> FindAsync(string tenant, Guid notification, CancellationToken cancellation)
    {
        List<ulong> places = [];
        await foreach (var letter in letters.ReadAsync(Subjects.DeadLetter(WireNames.Events[typeof(NotificationRequested)], tenant), 0, null, cancellation))
        {
            places.Add(letter.Sequence);
        }

        // Its body alone tells which notification it is of.
        foreach (var place in places.AsEnumerable().Reverse())
        {
            if (await letters.FindAsync(place, cancellation) is { Body: not null } letter && NotificationFates.Read(letter)?.Id == notification)
            {
                return (await fates.FindAsync(letter, cancellation)).Replay.Status == ReplayStatus.Pending ? null : letter;
            }
        }

        return null;
    }
}
