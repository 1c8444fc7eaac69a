using Spectre.Console;

namespace Tickets.Api.CommandLine;

/// <summary>Shows on a terminal what is being done.</summary>
internal static class StepProgress
{
    /// <summary>Whether anybody looks: what only the bars need is not worth its work otherwise.</summary>
    public static bool IsShown(OperatorInput input) => !input.JsonFlag && !Console.IsOutputRedirected;

    /// <summary>Does it, and shows a bar for each step.</summary>
    /// <param name="input">For a program, and where the output goes into a file, nothing is shown.</param>
    /// <param name="work">Does it; it tells each step and what part of that is done, from 0 to 1.</param>
    public static Task<T> RunAsync<T>(OperatorInput input, Func<Action<string, double>, Task<T>> work)
    {
        if (!IsShown(input))
        {
            return work((_, _) => { });
        }

        return AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context =>
            {
                var bars = new Dictionary<string, ProgressTask>();
                return work((step, part) =>
                {
                    if (!bars.TryGetValue(step, out var bar))
                    {
                        bars[step] = bar = context.AddTask(step, maxValue: 1);
                    }

                    bar.Value = part;
                });
            });
    }
}
