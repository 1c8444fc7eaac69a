using System.Globalization;

namespace Tickets.Api.DeadLetters;

/// <summary>What replays of a dead letter are called: the same for whoever replays it, so that two at once are one.</summary>
internal static class ReplayIdentity
{
    /// <summary>
    /// The <c>Nats-Msg-Id</c> <c>replay:{sequence}:{n}</c>. The number counts on from the time at which the letter was stored,
    /// because a stream that is made again counts its sequences from the start.
    /// </summary>
    /// <param name="letter">The letter.</param>
    /// <param name="attempt">0, and one more for each replay that has failed.</param>
    public static string Of(Letter letter, int attempt) => string.Create(
        CultureInfo.InvariantCulture, $"replay:{letter.Sequence}:{letter.Time.ToUnixTimeMilliseconds() + attempt}");
}
