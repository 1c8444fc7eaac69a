using Tickets.Api.Composition;

namespace Tickets.Api.CommandLine;

/// <summary>Words of the command line that receive nothing, so that their login needs no permission to.</summary>
internal static class WordsWithoutListening
{
    private static readonly string[] Words = ["dlq", "republish", "send", "tail", "explain", "backup", "restore"];

    /// <summary>The settings as a word needs them.</summary>
    public static ServiceOptions For(this ServiceOptions options, string[] args) =>
        args is [var word, ..] && Words.Contains(word) ? options with { Role = ServiceRole.Api } : options;
}
