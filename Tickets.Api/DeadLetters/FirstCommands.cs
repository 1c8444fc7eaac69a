using Tickets.Contracts;
using Tickets.Handlers.Units;
using Wolverine.Nats.Receiving;

namespace Tickets.Api.DeadLetters;

/// <summary>Which command was given up first: a letter's own, or the one that it is a replay of.</summary>
internal sealed class FirstCommands(ReplaySeals seals)
{
    /// <summary>A letter that says it is a replay, and that no operator has sent, is one of its own: anybody may write a header.</summary>
    /// <exception cref="System.Data.Common.DbException">The database is out of reach.</exception>
    public async ValueTask<Guid> OfAsync(Letter letter, CancellationToken cancellation) =>
        letter.SaidFirst is { } first
        && await seals.IsGoodAsync(letter.Header(CommandHeaders.ReplaySeal), letter.Subject, letter.Identity, first, letter.Body, cancellation)
            ? first
            : letter.Identity;

    /// <summary>The seal of a letter's replay.</summary>
    /// <exception cref="System.Data.Common.DbException">The database is out of reach.</exception>
    public async ValueTask<string> SealAsync(Letter letter, string messageId, Guid first, CancellationToken cancellation) => await seals.SealAsync(
        letter.Subject, DeliveryIdentity.Of(messageId), first, letter.Body, cancellation);
}
