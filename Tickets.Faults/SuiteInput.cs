using System.Globalization;
using Tickets.Faults.Systems;

namespace Tickets.Faults;

/// <summary>What the suite is asked for.</summary>
/// <param name="Runs">How many runs; null for one of each row on each storage.</param>
/// <param name="Seed">The first seed.</param>
/// <param name="Only">Only faults whose name contains this.</param>
/// <param name="Storage">Only on this storage; null for both.</param>
/// <param name="Parallel">How many runs at once.</param>
/// <param name="Minutes">For how long to load one system, with a fault every 20 s, in place of the matrix; null for the matrix.</param>
/// <param name="Folder">Where evidence is kept.</param>
internal sealed record SuiteInput(int? Runs, int Seed, string Only, StorageKind? Storage, int Parallel, int? Minutes, string Folder)
{
    public const string Usage = "faults [--runs N] [--seed N] [--only WORDS] [--storage sqlite|postgresql] [--parallel N] [--folder PATH], or faults --minutes N [--seed N] [--folder PATH]";

    /// <summary>Null when it can't be done; then the message says why.</summary>
    public static SuiteInput? TryRead(string[] args, out string fault)
    {
        var input = new SuiteInput(null, 1, string.Empty, null, 2, null, Path.Combine("data", "faults"));
        fault = Usage;
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || input.With(args[i], args[i + 1]) is not { } next)
            {
                fault = $"{args[i]} can't be used here; {Usage}";
                return null;
            }

            input = next;
        }

        return input;
    }

    private SuiteInput? With(string name, string value) => name switch
    {
        "--runs" when Number(value) is { } runs => this with { Runs = runs },
        "--seed" when Number(value) is { } seed => this with { Seed = seed },
        "--parallel" when Number(value) is { } parallel and > 0 => this with { Parallel = parallel },
        "--minutes" when Number(value) is { } minutes and > 0 => this with { Minutes = minutes },
        "--storage" when Enum.TryParse<StorageKind>(value, ignoreCase: true, out var storage) => this with { Storage = storage },
        "--only" => this with { Only = value },
        "--folder" => this with { Folder = value },
        _ => null,
    };

    private static int? Number(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
