using System.Diagnostics.Metrics;
using Tickets.Contracts;

namespace Tickets.Handlers.Units;

/// <summary>Counts commands by what became of them. Listen to the meter that is called <see cref="Name"/>.</summary>
public static class CommandInstrumentation
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Tickets.Commands";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Handled = Meter.CreateCounter<long>(
        "tickets.commands", "{command}", "Commands that were handled, with the status of their outcome; repeats count again");

    internal static void Record(object? command, int status)
    {
        if (Handled.Enabled && command is not null && WireNames.Verbs.TryGetValue(command.GetType(), out var verb))
        {
            Handled.Add(1, new("verb", verb), new("status", status));
        }
    }
}
