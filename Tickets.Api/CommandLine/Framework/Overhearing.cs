using Spectre.Console;

namespace Tickets.Api.CommandLine.Framework;

/// <summary>Keeps what a library prints from the output of a program that reads it.</summary>
internal static class Overhearing
{
    private const int NothingIsWrapped = 10_000;

    /// <summary>Does it, and nothing of what it prints is seen.</summary>
    /// <returns>What came of it, and what was printed.</returns>
    public static async Task<(T Result, string Said)> RunAsync<T>(Func<Task<T>> work)
    {
        var (output, terminal) = (Console.Out, AnsiConsole.Console);
        await using var said = new StringWriter();
        Console.SetOut(said);
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(said) });
        AnsiConsole.Profile.Width = NothingIsWrapped;
        try
        {
            return (await work(), said.ToString().Trim());
        }
        finally
        {
            Console.SetOut(output);
            AnsiConsole.Console = terminal;
        }
    }
}
