namespace Tickets.Api.CommandLine.Framework;

/// <summary>What <c>codegen</c> has done.</summary>
/// <param name="Action">What was asked for.</param>
/// <param name="Ok">Whether it was done.</param>
public sealed record CodegenReport(string Action, bool Ok)
{
    /// <summary>The files, or what would be in them; null when none were made.</summary>
    public IReadOnlyList<GeneratedFile>? Files { get; init; }

    /// <summary>The code of all of them, one after the other; null when it was not asked for.</summary>
    public string? Code { get; init; }

    /// <summary>The folders where written files are, or were; null when no file is written.</summary>
    public IReadOnlyList<string>? Folders { get; init; }

    /// <summary>What went wrong; null when nothing did.</summary>
    public string? Fault { get; init; }
}
