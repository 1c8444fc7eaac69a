using JasperFx.CommandLine;

namespace Tickets.Api.CommandLine;

/// <summary>What every word takes that an operator has for the running system.</summary>
public abstract class OperatorInput : NetCoreInput
{
    /// <summary>Whether the result is printed as JSON alone.</summary>
    [Description("print the result as JSON")]
    public bool JsonFlag { get; set; }

    /// <summary>What can't be done; null when it can.</summary>
    public virtual string? Fault() => null;
}
