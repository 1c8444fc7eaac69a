using Spectre.Console;

namespace Tickets.Api.CommandLine;

/// <summary>Asks before something is removed for good.</summary>
internal static class Consent
{
    /// <param name="question">What is to be removed, as a question.</param>
    /// <param name="given">Whether it was given on the command line: then nobody is asked.</param>
    /// <param name="json">Whether a program reads the output.</param>
    /// <returns>Why it may not be done; null when it may.</returns>
    public static async Task<string?> RefusalAsync(string question, bool given, bool json) =>
        given ? null
        : json || Console.IsInputRedirected || Console.IsOutputRedirected ? "nobody is there to be asked whether to remove it for good; add --yes"
        : await AnsiConsole.ConfirmAsync(Markup.Escape(Terminal.Plain(question)), defaultValue: false) ? null
        : "it was kept";
}
