using JasperFx.CommandLine;

namespace Tickets.Api.CommandLine.Framework;

/// <summary>What <c>storage</c> is to do: Wolverine's own, and how it is printed.</summary>
public sealed class StorageInput : Wolverine.Persistence.StorageInput, IOperatorInput
{
    /// <inheritdoc/>
    [Description("print the result as JSON")]
    public bool JsonFlag { get; set; }

    /// <summary>Whether nobody is asked before something is removed.</summary>
    [Description("clear and rebuild: don't ask")]
    public bool YesFlag { get; set; }

    /// <inheritdoc/>
    public string? Fault() => null;
}
