using JasperFx.CommandLine;
using Tickets.Api.CommandLine;
using Tickets.Contracts;
using Tickets.Handlers.Records;

namespace Tickets.Api.Republishing;

/// <summary>What <c>republish</c> is to do.</summary>
public sealed class RepublishInput : OperatorInput
{
    /// <summary>The begin of the span. Required.</summary>
    [Description("required: changes since 2026-01-31T09:00:00Z, or since 2h ago (s, m, h, d)")]
    public string? SinceFlag { get; set; }

    /// <summary>The end of the span. Default: none, so changes of a process whose clock was ahead are in it.</summary>
    [Description("only changes before this")]
    public string? UntilFlag { get; set; }

    /// <summary>Whose changes. Default: everybody's.</summary>
    [Description("only changes of this tenant")]
    public string? TenantFlag { get; set; }

    /// <summary>Whether nothing is published.</summary>
    [Description("only count what would be published")]
    public bool DryRunFlag { get; set; }

    /// <inheritdoc/>
    public override string? Fault() => Fault(DateTimeOffset.UtcNow);

    /// <summary>The span of time.</summary>
    public AuditSpan Span(DateTimeOffset now) =>
        new(PointInTime.Parse(SinceFlag!, now)!.Value, UntilFlag is null ? DateTimeOffset.MaxValue : PointInTime.Parse(UntilFlag, now)!.Value);

    private string? Fault(DateTimeOffset now) =>
        SinceFlag is null ? $"say since when: --since, {PointInTime.Rule}"
        : PointInTime.Parse(SinceFlag, now) is null ? $"--since is {PointInTime.Rule}"
        : UntilFlag is not null && PointInTime.Parse(UntilFlag, now) is null ? $"--until is {PointInTime.Rule}"
        : Span(now) is var span && span.Since >= span.Until ? "--until is after --since"
        : TenantFlag is not null && !TenantName.IsValid(TenantFlag) ? $"--tenant is {TenantName.Rule}"
        : null;
}
