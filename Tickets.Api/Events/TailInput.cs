using JasperFx.CommandLine;
using Tickets.Api.CommandLine;
using Tickets.Contracts;

namespace Tickets.Api.Events;

/// <summary>What <c>tail</c> is to show.</summary>
public sealed class TailInput : OperatorInput
{
    /// <summary>Whose events. Default: everybody's.</summary>
    [Description("only events of this tenant")]
    public string? TenantFlag { get; set; }

    /// <summary>Which events. Default: all.</summary>
    [Description("only types that begin with this: ticket., notification., audit., ticket.created")]
    public string TypeFlag { get; set; } = string.Empty;

    /// <summary>How many of the stream's newest messages to begin with. Default 0.</summary>
    [Description("begin with the newest so many messages of the stream (0)")]
    public ulong LastFlag { get; set; }

    /// <summary>After how many events it ends. Default: never.</summary>
    [Description("end after so many events; else Ctrl-C ends it")]
    public int? CountFlag { get; set; }

    /// <inheritdoc/>
    public override string? Fault() =>
        TenantFlag is not null && !TenantName.IsValid(TenantFlag) ? $"--tenant is {TenantName.Rule}"
        : CountFlag is < 1 ? "--count is 1 or more"
        : null;
}
