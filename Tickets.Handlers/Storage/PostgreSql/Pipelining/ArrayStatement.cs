using System.Text.RegularExpressions;
using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql.Pipelining;

/// <summary>
/// A statement whose rows travel as arrays, one for each column; <c>unnest</c> makes rows of them again (PostgreSQL, array
/// functions). It is planned and started once for all of them.
/// </summary>
internal sealed partial class ArrayStatement : BatchedStatement
{
    private const string Given = "given";

    private readonly string _sql;
    private readonly ArrayColumn[] _columns;

    private ArrayStatement(string sql, ArrayColumn[] columns, bool reads)
    {
        _sql = sql;
        _columns = columns;
        Reads = reads;
    }

    public override bool Reads { get; }

    /// <summary>Makes the form of a statement that reads one value, or changes one row at most.</summary>
    /// <param name="sql">An INSERT of VALUES, an UPDATE, or a SELECT.</param>
    /// <param name="row">The type of its rows.</param>
    /// <returns>Null when it is none of these, or takes nothing of a row.</returns>
    public static ArrayStatement? Of(string sql, Type row)
    {
        string[] names = [.. Parameter().Matches(sql).Select(parameter => parameter.Groups["name"].Value).Distinct(StringComparer.Ordinal)];
        if (names.Length == 0 || Split(sql) is not { } parts)
        {
            return null;
        }

        var properties = RowColumns.Of(row);
        var columns = Array.ConvertAll(names, name => new ArrayColumn(name, properties[name]));
        var arrays = string.Join(", ", columns.Select((_, i) => $"${i + 1}"));
        var quoted = string.Join(", ", columns.Select(column => column.QuotedName));
        var expressions = columns.ToDictionary(column => column.Name, column => $"{Given}.{column.Expression}", StringComparer.Ordinal);
        return new ArrayStatement(
            $"{Filled(parts.Before)} FROM unnest({arrays}) WITH ORDINALITY AS {Given} ({quoted}, place) {Filled(parts.After)}", columns, parts.Reads);

        string Filled(string part) => Parameter().Replace(part, parameter => expressions[parameter.Groups["name"].Value]);
    }

    public override NpgsqlBatchCommand CommandFor(IReadOnlyList<object> rows)
    {
        var command = new NpgsqlBatchCommand(_sql);
        foreach (var column in _columns)
        {
            command.Parameters.Add(column.ParameterOf(rows));
        }

        return command;
    }

    public override object? ValueOf(IReadOnlyList<object?> found, int row, int rows) => found[row];

    // What stands before the rows, and after them.
    private static (string Before, string After, bool Reads)? Split(string sql)
    {
        if (Insert().Match(sql) is { Success: true } insert)
        {
            return ($"{insert.Groups["into"]} SELECT {insert.Groups["values"]}", insert.Groups["conflict"].Value, false);
        }

        if (Update().Match(sql) is { Success: true } update)
        {
            return (update.Groups["set"].Value, update.Groups["where"].Value, false);
        }

        return Select().IsMatch(sql) ? ($"SELECT ({sql})", $"ORDER BY {Given}.place", true) : null;
    }

    [GeneratedRegex(@"@(?<name>\w+)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^\s*(?<into>INSERT\s+INTO\s[^()]+\([^()]*\))\s*VALUES\s*\((?<values>[^()]*)\)\s*(?<conflict>ON\s+CONFLICT\s*\([^()]*\)\s*DO\s+NOTHING)?\s*$")]
    private static partial Regex Insert();

    [GeneratedRegex(@"^\s*(?<set>UPDATE\s.*?)\s(?<where>WHERE\s.*)$", RegexOptions.Singleline)]
    private static partial Regex Update();

    [GeneratedRegex(@"^\s*SELECT\s")]
    private static partial Regex Select();
}
