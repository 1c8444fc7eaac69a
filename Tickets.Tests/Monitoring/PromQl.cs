using System.Text.RegularExpressions;

namespace Tickets.Tests.Monitoring;

/// <summary>Finds the metrics in an expression: the names that are no label, function or word of the language.</summary>
internal static partial class PromQl
{
    private static readonly string[] Words = ["and", "or", "unless", "bool", "offset"];

    public static IEnumerable<string> MetricsOf(string expression) =>
        Name().Matches(NoMetric().Replace(expression, " ")).Select(match => match.Value).Except(Words);

    // Texts, selectors of labels, ranges, lists of labels, and functions.
    [GeneratedRegex("""
        "[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)|\b\w+(?=\s*\()|\b(sum|max|min|count|avg|topk)\b
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex NoMetric();

    [GeneratedRegex("[a-zA-Z_:][a-zA-Z0-9_:]*")]
    private static partial Regex Name();
}
