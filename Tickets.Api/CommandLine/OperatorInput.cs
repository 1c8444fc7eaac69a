using JasperFx.CommandLine;

namespace Tickets.Api.CommandLine;

/// <summary>What every word takes: for those that take no more.</summary>
public class OperatorInput : IOperatorInput
{
    /// <inheritdoc/>
    [Description("print the result as JSON")]
    public bool JsonFlag { get; set; }

    /// <inheritdoc/>
    [IgnoreOnCommandLine]
    public IHostBuilder HostBuilder { get; set; } = null!;

    /// <inheritdoc/>
    public virtual string? Fault() => null;
}
