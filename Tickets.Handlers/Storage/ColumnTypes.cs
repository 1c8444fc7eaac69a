using System.Data;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Tickets.Handlers.Storage;

/// <summary>
/// How values that PostgreSQL has types for are stored in SQLite, which has none: as text. Ids and times are written so
/// that the order of the texts is theirs.
/// </summary>
internal static class ColumnTypes
{
    /// <summary>Registers them with Dapper, for the whole process.</summary>
    public static void Register()
    {
        // Else Dapper binds them by itself.
        SqlMapper.RemoveTypeMap(typeof(Guid));
        SqlMapper.RemoveTypeMap(typeof(Guid?));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new TextInSqlite<Guid>(text => Guid.Parse(text, CultureInfo.InvariantCulture), value => (Guid)value));
        SqlMapper.AddTypeHandler(new TextInSqlite<DateTimeOffset>(TimeOf, TimeOf));
        SqlMapper.AddTypeHandler(new TextInSqlite<string[]>(text => JsonSerializer.Deserialize<string[]>(text)!, value => (string[])value));
    }

    /// <summary>A value as SQLite stores it: a <see cref="string"/>, a <see cref="long"/>, bytes or null.</summary>
    public static object? InSqlite(object? value) => value switch
    {
        Guid id => id.ToString(),
        DateTimeOffset time => TextOf(time),
        string[] list => JsonSerializer.Serialize(list),
        int number => (long)number,
        _ => value,
    };

    // RFC 3339 in UTC with seven decimals.
    private static string TextOf(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset TimeOf(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static DateTimeOffset TimeOf(object value) =>
        value as DateTimeOffset? ?? new DateTimeOffset(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));

    private sealed class TextInSqlite<T>(Func<string, T> read, Func<object, T> own) : SqlMapper.TypeHandler<T>
    {
        public override void SetValue(IDbDataParameter parameter, T? value) =>
            parameter.Value = parameter is SqliteParameter ? InSqlite(value)
                : value is DateTimeOffset time ? time.ToUniversalTime()
                : value;

        public override T Parse(object value) => value is string text ? read(text) : own(value);
    }
}
