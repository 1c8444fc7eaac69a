using JasperFx.CommandLine;
using JasperFx.Core;

namespace Tickets.Api.CommandLine.Framework;

/// <summary>What <c>describe</c> is to tell: JasperFx's own, and how it is printed.</summary>
public sealed class DescribeInput : JasperFx.CommandLine.Descriptions.DescribeInput, IOperatorInput
{
    /// <inheritdoc/>
    [Description("print listeners, publishing, handlers and streams as JSON")]
    public bool JsonFlag { get; set; }

    /// <inheritdoc/>
    public string? Fault() =>
        JsonFlag && (FileFlag.IsNotEmpty() || TitleFlag.IsNotEmpty() || ListFlag || InteractiveFlag) ? "--json tells all of it, and goes with no other option of 'describe'" : null;
}
