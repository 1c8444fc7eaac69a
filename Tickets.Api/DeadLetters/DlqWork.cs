using Tickets.Api.CommandLine;

namespace Tickets.Api.DeadLetters;

/// <summary>Does for one letter after another what <c>dlq</c> was asked for.</summary>
internal sealed class DlqWork(LetterStream stream, DeadLetterDesk desk, DlqOutput print)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>As many as were asked for, however many others are looked at.</summary>
    public async Task<LetterPage> ListAsync(LetterSearches searches, DlqInput input)
    {
        var filter = input.Filter(DateTimeOffset.UtcNow);
        List<Letter> found = [];
        ulong? next = input.AfterFlag;
        do
        {
            var page = await searches.FindAsync(filter, next.Value, input.LimitFlag - found.Count, CancellationToken.None);
            found.AddRange(page.Letters);
            next = page.Next;
        }
        while (next is not null && found.Count < input.LimitFlag);

        return new LetterPage(found, next);
    }

    /// <returns>Whether it was done.</returns>
    public async Task<bool> DoAsync(DlqInput input, ulong sequence)
    {
        if (await stream.FindAsync(sequence, CancellationToken.None) is not { } letter || (input.TenantFlag ?? letter.Tenant) != letter.Tenant)
        {
            print.Fail(sequence, $"there is no such dead letter{(input.TenantFlag is { } tenant ? $" of {tenant}" : string.Empty)}; ./tickets dlq list shows them");
            return false;
        }

        switch (input.Action)
        {
            case DlqAction.show:
                print.Show(letter, await desk.FateAsync(letter, CancellationToken.None), desk.Fault(letter));
                return true;
            case DlqAction.replay:
                return print.Replayed(letter, await ReplayAsync(letter));
            default:
                return await DiscardAsync(letter, input);
        }
    }

    // Whoever replays a message wants to know what it did, and mostly it has done it by then.
    private async Task<ReplayResult> ReplayAsync(Letter letter)
    {
        var result = await desk.ReplayAsync(letter, CancellationToken.None);
        for (var until = DateTimeOffset.UtcNow + Patience;
            result is ReplayResult.Sent { Replay.Status: ReplayStatus.Pending } && DateTimeOffset.UtcNow < until;)
        {
            await Task.Delay(BetweenLooks);
            result = new ReplayResult.Sent((await desk.FateAsync(letter, CancellationToken.None))!);
        }

        return result;
    }

    private async Task<bool> DiscardAsync(Letter letter, DlqInput input)
    {
        if (await Consent.RefusalAsync($"Remove dead letter {letter.Sequence} from {letter.Subject} for good ({letter.Reason})?", input.YesFlag, input.JsonFlag) is { } refusal)
        {
            print.Fail(letter.Sequence, refusal);
            return false;
        }

        var removed = await desk.DiscardAsync(letter, CancellationToken.None);
        print.Discarded(letter, removed);
        return removed;
    }
}
