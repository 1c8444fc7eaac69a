using JasperFx.CommandLine;
using Tickets.Api.CommandLine;

namespace Tickets.Api.Backups;

/// <summary>What <c>backup</c> is to do.</summary>
public sealed class BackupInput : OperatorInput
{
    /// <summary>The archive.</summary>
    [Description("the archive to make, a tar; there must be none of that name yet")]
    public string File { get; set; } = string.Empty;
}
