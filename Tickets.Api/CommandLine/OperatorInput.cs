using JasperFx.CommandLine;

namespace Tickets.Api.CommandLine;

/// <inheritdoc cref="IOperatorInput"/>
public abstract class OperatorInput : NetCoreInput, IOperatorInput
{
    /// <inheritdoc/>
    [Description("print the result as JSON")]
    public bool JsonFlag { get; set; }

    /// <inheritdoc/>
    public virtual string? Fault() => null;
}
