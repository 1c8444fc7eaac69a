using JasperFx.CommandLine;
using JasperFx.Resources;

namespace Tickets.Api.CommandLine.Framework;

/// <summary>What <c>resources</c> is to do: JasperFx's own, and how it is printed.</summary>
public sealed class ResourcesInput : ResourceInput, IOperatorInput
{
    /// <inheritdoc/>
    [Description("print the result as JSON")]
    public bool JsonFlag { get; set; }

    /// <summary>Whether nobody is asked before something is removed.</summary>
    [Description("clear and teardown: don't ask")]
    public bool YesFlag { get; set; }

    /// <inheritdoc/>
    public string? Fault() => null;
}
