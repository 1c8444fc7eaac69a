namespace Tickets.Api.CommandLine;

/// <summary>Starts of the service itself: by <c>run</c>, or by no word at all.</summary>
internal static class Serving
{
    /// <summary>Whether it is the service that is to run.</summary>
    public static bool IsAskedFor(string[] args) => args is [] or ["run"];

    /// <summary>What is too much; null when nothing is.</summary>
    /// <remarks>JasperFx has a <c>run</c> too, which is also what an option without a word means to it: it knows neither the port nor the log.</remarks>
    public static string? Fault(string[] args)
    {
        var more = args switch
        {
            ["run", var second, ..] => second,
            [['-', ..] and var first, ..] => first,
            _ => null,
        };
        return more is null
            ? null
            : $"'run' takes nothing more, and '{Terminal.Plain(more)}' means nothing to it: settings are environment variables; ./tickets list shows the other words";
    }
}
