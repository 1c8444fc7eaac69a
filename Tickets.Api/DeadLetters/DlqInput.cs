using System.Globalization;
using JasperFx.CommandLine;
using Tickets.Api.CommandLine;
using Tickets.Contracts;

namespace Tickets.Api.DeadLetters;

/// <summary>What <c>dlq</c> is to do.</summary>
public sealed class DlqInput : OperatorInput
{
    private const int LargestLimit = 10_000;

    /// <summary>What to do.</summary>
    [Description("list | show: one with its body and what has come of it | replay: send again | discard: remove for good")]
    public DlqAction Action { get; set; }

    /// <summary>Which; for <c>list</c> none.</summary>
    [Description("the sequences that list shows")]
    public IEnumerable<string> Sequences { get; set; } = [];

    /// <summary>Whose. Default: everybody's.</summary>
    [Description("only those of this tenant")]
    public string? TenantFlag { get; set; }

    /// <summary>What the reason holds. Default: anything.</summary>
    [Description("list: only those whose reason holds this, whatever its case")]
    public string? ReasonFlag { get; set; }

    /// <summary>The earliest time. Default: any.</summary>
    [Description("list: given up since 2026-01-31T09:00:00Z, or 2h ago (s, m, h, d)")]
    public string? SinceFlag { get; set; }

    /// <summary>The time before which it was given up. Default: any.</summary>
    [Description("list: given up before this")]
    public string? UntilFlag { get; set; }

    /// <summary>How many. Default 50.</summary>
    [Description("list: how many at most (50)")]
    public int LimitFlag { get; set; } = 50;

    /// <summary>Where to begin. Default: the oldest.</summary>
    [Description("list: only those after this sequence")]
    public ulong AfterFlag { get; set; }

    /// <summary>Whether nobody is asked before something is removed.</summary>
    [Description("discard: don't ask")]
    public bool YesFlag { get; set; }

    /// <inheritdoc/>
    public override string? Fault() =>
        Action == DlqAction.list && Sequences.Any() ? "'list' takes no sequence; to see one: ./tickets dlq show SEQUENCE"
        : Action != DlqAction.list && !Sequences.Any() ? $"say which: ./tickets dlq {Action} SEQUENCE; ./tickets dlq list shows them"
        : Sequences.FirstOrDefault(word => SequenceOf(word) is null) is { } other ? $"'{other}' is no sequence; ./tickets dlq list shows them"
        : TenantFlag is not null && !TenantName.IsValid(TenantFlag) ? $"--tenant is {TenantName.Rule}"
        : LimitFlag is < 1 or > LargestLimit ? $"--limit is 1 to {LargestLimit}"
        : IsNoTime(SinceFlag) ? $"--since is {PointInTime.Rule}"
        : IsNoTime(UntilFlag) ? $"--until is {PointInTime.Rule}"
        : null;

    /// <summary>Which letters <c>list</c> shows.</summary>
    public LetterFilter Filter(DateTimeOffset now) => new()
    {
        Tenant = TenantFlag,
        Reason = ReasonFlag,
        Since = SinceFlag is null ? null : PointInTime.Parse(SinceFlag, now),
        Until = UntilFlag is null ? null : PointInTime.Parse(UntilFlag, now),
    };

    /// <summary>Which letters the other actions are for.</summary>
    public IEnumerable<ulong> Letters() => Sequences.Select(word => SequenceOf(word)!.Value);

    private static ulong? SequenceOf(string word) => ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : null;

    private static bool IsNoTime(string? text) => text is not null && PointInTime.Parse(text, DateTimeOffset.UtcNow) is null;
}
