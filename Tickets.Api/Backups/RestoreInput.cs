using JasperFx.CommandLine;
using Tickets.Api.CommandLine;

namespace Tickets.Api.Backups;

/// <summary>What <c>restore</c> is to do.</summary>
public sealed class RestoreInput : OperatorInput
{
    /// <summary>The archive.</summary>
    [Description("the archive that backup has made")]
    public string File { get; set; } = string.Empty;

    /// <summary>Whether what is there now goes away.</summary>
    [Description("put it in the place of what streams and database hold now")]
    public bool ReplaceFlag { get; set; }

    /// <summary>Whether nobody is asked.</summary>
    [Description("don't ask before something is replaced")]
    public bool YesFlag { get; set; }
}
