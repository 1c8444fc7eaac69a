using JasperFx.CommandLine;

namespace Tickets.Api.CommandLine;

/// <summary>What every word takes: for those that take no more.</summary>
public class OperatorInput : NetCoreInput, IOperatorInput
{
    /// <inheritdoc/>
    [Description("print the result as JSON")]
    public bool JsonFlag { get; set; }

    /// <inheritdoc/>
    public virtual string? Fault() => null;
}
