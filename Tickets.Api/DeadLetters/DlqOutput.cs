using System.Globalization;
using Spectre.Console;
using Tickets.Api.CommandLine;
using Tickets.Api.Routes;
using Wolverine.Nats.Receiving;

namespace Tickets.Api.DeadLetters;

/// <summary>Prints what <c>dlq</c> has found and done: tables and lines for people, or JSON as over HTTP.</summary>
internal sealed class DlqOutput(bool json, IServiceProvider services)
{
    public void List(LetterPage page)
    {
        if (json)
        {
            Write(new Page<LetterSummary>([.. page.Letters.Select(LetterSummary.Of)], page.Next?.ToString(CultureInfo.InvariantCulture)));
            return;
        }

        if (page.Letters.Count == 0)
        {
            Console.WriteLine("There are no such dead letters.");
            return;
        }

        var table = Printout.TableOf("sequence", "given up", "tenant", "subject", "deliveries", "bytes", "reason");
        foreach (var letter in page.Letters)
        {
            table.Add(letter.Sequence, Terminal.TimeOf(letter.Time), letter.Tenant ?? "-", letter.Subject, letter.Deliveries, letter.Size, letter.Reason);
        }

        Printout.Print(table);
        Console.WriteLine(page.Next is { } next ? $"There are more: ./tickets dlq list --after {next}" : string.Empty);
    }

    public void Show(Letter letter, Replay? replay, string? fault)
    {
        var view = LetterView.Of(letter, replay, fault);
        if (json)
        {
            Write(view);
            return;
        }

        var grid = new Grid().AddColumns(2);
        void Row(string name, object? value)
        {
            if (value is not null)
            {
                grid.AddRow(Printout.Cell(name), Printout.Cell(value));
            }
        }

        Row("sequence", letter.Sequence);
        Row("given up", $"{Terminal.TimeOf(letter.Time)} by {letter.Consumer}, after {letter.Deliveries} deliveries");
        Row("reason", letter.Reason);
        Row("tenant", letter.Tenant ?? "-");
        Row("subject", letter.Subject);
        Row("message", $"{letter.Stream} {letter.StreamSequence}, {letter.Identity}");
        Row("replay of", letter.ReplayOf);
        foreach (var (name, value) in view.Headers)
        {
            Row($"header {name}", value);
        }

        Row("dropped headers", letter.Header(DeadLetterHeaders.Dropped));
        Row("body", view.Body ?? $"{letter.Size} bytes that are no text; --json has them");
        Row("replay", replay is null ? $"not possible: it {fault}" : replay);
        Row("outcome", replay?.Outcome is { } outcome ? $"{outcome.Status} {outcome.Body}" : null);
        Printout.Print(grid);
    }

    /// <returns>Whether all is well.</returns>
    public bool Replayed(Letter letter, ReplayResult result)
    {
        var replay = (result as ReplayResult.Sent)?.Replay ?? (result as ReplayResult.Done)?.Replay;
        var fault = result is ReplayResult.Refused refused ? $"it {refused.Reason}"
            : replay!.Status is ReplayStatus.Pending or ReplayStatus.Succeeded ? null
            : $"{replay}: {replay.Outcome?.Status} {replay.Outcome?.Body}";
        if (json)
        {
            Write(new { letter.Sequence, Sent = result is ReplayResult.Sent, Reason = fault, Replay = replay is null ? null : ReplayView.Of(replay) });
        }
        else if (fault is not null)
        {
            Fail(letter.Sequence, fault);
        }
        else
        {
            Printout.Well(result is ReplayResult.Done
                ? $"{letter.Sequence}: had taken effect, nothing was sent ({replay!.Outcome?.Status})"
                : $"{letter.Sequence}: {replay}{(replay?.Outcome is { } outcome ? $" ({outcome.Status})" : string.Empty)}");
        }

        return fault is null;
    }

    public void Discarded(Letter letter, bool removed)
    {
        if (json)
        {
            Write(new { letter.Sequence, Discarded = removed });
        }
        else if (removed)
        {
            Printout.Well($"{letter.Sequence}: discarded");
        }
        else
        {
            Fail(letter.Sequence, "somebody else has just discarded it");
        }
    }

    public void Fail(ulong sequence, string fault) => Printout.Fault(json ? Console.Error : Console.Out, $"{sequence}: {fault}");

    private void Write(object value) => Printout.Write(value, services);
}
