namespace Tickets.Api.CommandLine;

/// <summary>Starts of the service itself: by <c>run</c>, or by no word at all.</summary>
internal static class Serving
{
    /// <summary>The word.</summary>
    public const string Word = "run";

    /// <summary>What it does.</summary>
    public const string Description = "Serve until it is told to end; settings are environment variables";

    /// <summary>Whether it is the service that is to run.</summary>
    public static bool IsAskedFor(string[] args) => args is [] or [Word];

    /// <summary>What is too much; null when nothing is.</summary>
    public static string? Fault(string[] args)
    {
        var more = args switch
        {
            [Word, var second, ..] => second,
            [['-', ..] and var first, ..] => first,
            _ => null,
        };
        return more is null
            ? null
            : $"'{Word}' takes nothing more, and '{Terminal.Plain(more)}' means nothing to it: settings are environment variables; ./tickets list shows the other words";
    }
}
