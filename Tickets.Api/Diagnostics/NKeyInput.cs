using JasperFx.CommandLine;

namespace Tickets.Api.Diagnostics;

/// <summary>What <c>nkey</c> is to do.</summary>
public sealed class NKeyInput
{
    /// <summary>Where the seed goes.</summary>
    [Description("the file for the seed, which must not be there yet")]
    public string File { get; set; } = string.Empty;
}
