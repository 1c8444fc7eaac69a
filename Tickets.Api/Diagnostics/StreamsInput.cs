using JasperFx.CommandLine;

namespace Tickets.Api.Diagnostics;

/// <summary>What <c>streams</c> is to do.</summary>
public sealed class StreamsInput : NetCoreInput
{
    /// <summary>The only thing there is so far.</summary>
    [Description("export: write the configuration of each stream into a file")]
    public StreamsAction Action { get; set; }

    /// <summary>Where the files go.</summary>
    [Description("the folder for the files")]
    public string Folder { get; set; } = string.Empty;
}
