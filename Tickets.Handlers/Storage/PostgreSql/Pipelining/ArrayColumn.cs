using Npgsql;
using NpgsqlTypes;

namespace Tickets.Handlers.Storage.PostgreSql.Pipelining;

/// <summary>One column of many rows, as an array.</summary>
internal sealed class ArrayColumn
{
    private static readonly Dictionary<Type, (NpgsqlDbType Type, Func<IReadOnlyList<object>, Func<object, object?>, object> ArrayOf)> Types = new()
    {
        [typeof(string)] = (NpgsqlDbType.Text, ArrayOf(value => (string?)value)),
        [typeof(byte[])] = (NpgsqlDbType.Bytea, ArrayOf(value => (byte[]?)value)),
        [typeof(int)] = (NpgsqlDbType.Integer, ArrayOf(value => (int)value!)),
        [typeof(long)] = (NpgsqlDbType.Bigint, ArrayOf(value => (long)value!)),
        [typeof(Guid)] = (NpgsqlDbType.Uuid, ArrayOf(value => (Guid)value!)),
        [typeof(Guid?)] = (NpgsqlDbType.Uuid, ArrayOf(value => (Guid?)value)),
        [typeof(DateTimeOffset)] = (NpgsqlDbType.TimestampTz, ArrayOf(value => ((DateTimeOffset)value!).ToUniversalTime())),
        [typeof(DateTimeOffset?)] = (NpgsqlDbType.TimestampTz, ArrayOf(value => ((DateTimeOffset?)value)?.ToUniversalTime())),

        // An array of arrays would have to be a rectangle, and unnest would make one row of each of its elements.
        [typeof(string[])] = (NpgsqlDbType.Text, ArrayOf(value => LiteralOf((string[])value!))),
    };

    private readonly NpgsqlDbType _type;
    private readonly Func<IReadOnlyList<object>, Func<object, object?>, object> _arrayOf;
    private readonly Func<object, object?> _read;

    /// <exception cref="ArgumentException">No column has this type.</exception>
    public ArrayColumn(string name, RowColumn column)
    {
        (_type, _arrayOf) = Types.TryGetValue(column.Type, out var type)
            ? type
            : throw new ArgumentException($"@{name} is a {column.Type}, which no column holds.", nameof(column));
        _read = column.Read;
        Name = name;
        Expression = column.Type == typeof(string[]) ? $"{QuotedName}::text[]" : QuotedName;
    }

    /// <summary>The parameter's name.</summary>
    public string Name { get; }

    /// <summary>The name in SQL. No table has a column of it.</summary>
    public string QuotedName => $"\"{Name}\"";

    /// <summary>The value in SQL.</summary>
    public string Expression { get; }

    /// <summary>The values of all rows.</summary>
    public NpgsqlParameter ParameterOf(IReadOnlyList<object> rows) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | _type, Value = _arrayOf(rows, _read) };

    private static Func<IReadOnlyList<object>, Func<object, object?>, object> ArrayOf<T>(Func<object?, T> of) => (rows, read) =>
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = of(read(rows[i]));
        }

        return values;
    };

    // PostgreSQL, arrays, input and output syntax.
    private static string LiteralOf(string[] list) =>
        $"{{{string.Join(',', list.Select(text => $"\"{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}}}";
}
