using System.Globalization;
using Tickets.Faults.Matrix;

namespace Tickets.Faults;

/// <summary>The table at the end.</summary>
internal static class FaultTable
{
    private const string Row = "| {0,-44} | {1,-10} | {2,4} | {3,8} | {4,4} | {5,7} | {6,5} | {7,8} |";

    /// <summary>Prints a line for each fault and storage, and the sums.</summary>
    public static void Print(IReadOnlyList<RunReport> reports)
    {
        Console.WriteLine();
        Write("fault", "storage", "runs", "commands", "lost", "doubled", "other", "slowest");
        Write("---", "---", "---", "---", "---", "---", "---", "---");
        var order = FaultMatrix.All.Select(fault => fault.Name).ToList();
        foreach (var group in reports.GroupBy(report => (report.Fault, report.Storage)).OrderBy(group => (order.IndexOf(group.Key.Fault), group.Key.Storage)))
        {
            Write(group.Key.Fault, group.Key.Storage.ToString(), [.. group]);
        }

        Write("all", string.Empty, reports);
    }

    private static void Write(string fault, string storage, IReadOnlyCollection<RunReport> reports) => Write(
        fault,
        storage,
        Text(reports.Count),
        Text(reports.Sum(report => report.Commands)),
        Text(reports.Sum(report => report.Ledger.Lost.Count)),
        Text(reports.Sum(report => report.Ledger.Doubled.Count)),
        Text(reports.Sum(report => report.Findings.Count + report.Ledger.Misplaced.Count)),
        string.Create(CultureInfo.InvariantCulture, $"{reports.Max(report => report.Recovery).TotalSeconds:F1} s"));

    private static void Write(params object[] cells) => Console.WriteLine(string.Format(CultureInfo.InvariantCulture, Row, cells));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
