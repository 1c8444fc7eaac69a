using Spectre.Console;

namespace Tickets.Api.Backups;

/// <summary>Shows on a terminal what is being done.</summary>
internal static class StepProgress
{
    /// <summary>Does it, and shows a bar for each step.</summary>
    /// <param name="isShown">Whether somebody looks.</param>
    /// <param name="work">Does it; it tells each step and what part of that is done, from 0 to 1.</param>
    public static Task<T> RunAsync<T>(bool isShown, Func<Action<string, double>, Task<T>> work)
    {
        if (!isShown)
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
