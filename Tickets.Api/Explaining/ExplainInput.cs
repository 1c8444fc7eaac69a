using JasperFx.CommandLine;
using Tickets.Api.CommandLine;
using Tickets.Contracts;

namespace Tickets.Api.Explaining;

/// <summary>What <c>explain</c> is asked about.</summary>
public sealed class ExplainInput : OperatorInput
{
    /// <summary>A ticket, command or event, or the <c>Nats-Msg-Id</c> of a command.</summary>
    [Description("the id of a ticket, a command (or operation), an event or a notification; or a command's Nats-Msg-Id")]
    public string Id { get; set; } = string.Empty;

    /// <summary>Whose. Default: everybody's are looked through.</summary>
    [Description("only of this tenant, which is found faster")]
    public string? TenantFlag { get; set; }

    /// <inheritdoc/>
    public override string? Fault() =>
        TenantFlag is not null && !TenantName.IsValid(TenantFlag) ? $"--tenant is {TenantName.Rule}"
        : Id.Length == 0 ? "say what: ./tickets explain ID"
        : null;
}
