using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>Reads the properties of a type of rows by their names.</summary>
internal sealed class RowColumns
{
    private static readonly ConcurrentDictionary<Type, RowColumns> Known = [];

    private readonly Dictionary<string, Func<object, object?>> _readers;
    private readonly Type _type;

    private RowColumns(Type type)
    {
        _type = type;
        _readers = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(property => property.Name, ReaderOf, StringComparer.Ordinal);
    }

    /// <summary>How a property is read.</summary>
    /// <exception cref="ArgumentException">The type has none of this name.</exception>
    public Func<object, object?> this[string name] => _readers.TryGetValue(name, out var reader)
        ? reader
        : throw new ArgumentException($"The row has no value for @{name}; it is a {_type}.", nameof(name));

    public static RowColumns Of(Type type) => Known.GetOrAdd(type, static type => new RowColumns(type));

    private static Func<object, object?> ReaderOf(PropertyInfo property)
    {
        var row = Expression.Parameter(typeof(object));
        var value = Expression.Property(Expression.Convert(row, property.DeclaringType!), property);
        return Expression.Lambda<Func<object, object?>>(Expression.Convert(value, typeof(object)), row).Compile();
    }
}
