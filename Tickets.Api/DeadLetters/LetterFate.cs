namespace Tickets.Api.DeadLetters;

/// <summary>What has come of a dead letter, and what is next.</summary>
/// <param name="Replay">What has come of it.</param>
/// <param name="NextId">The <c>Nats-Msg-Id</c> that a replay of it has now.</param>
internal sealed record LetterFate(Replay Replay, string NextId);
