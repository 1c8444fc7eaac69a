namespace Tickets.Api.Composition;

/// <summary>Finds what is meant by a name that nobody knows.</summary>
internal static class Spelling
{
    /// <summary>The known name that differs least; null when each differs in more letters.</summary>
    public static string? Nearest(string name, IEnumerable<string> known, int largestDistance) =>
        known.Select(candidate => (Candidate: candidate, Distance: DistanceOf(name, candidate))).Where(found => found.Distance <= largestDistance)
            .OrderBy(found => found.Distance).FirstOrDefault().Candidate;

    // Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals".
    private static int DistanceOf(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
            }
        }

        return row[other.Length];
    }
}
