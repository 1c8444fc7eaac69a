using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;

namespace Tickets.Handlers.Storage;

/// <summary>Reads the properties of a type of rows by their names.</summary>
internal sealed class RowColumns
{
    private static readonly ConcurrentDictionary<Type, RowColumns> Known = [];

    private readonly Dictionary<string, RowColumn> _columns;
    private readonly Type _type;

    private RowColumns(Type type)
    {
        _type = type;
        _columns = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .ToDictionary(property => property.Name, property => new RowColumn(property.PropertyType, ReaderOf(property)), StringComparer.Ordinal);
    }

    /// <summary>A property.</summary>
    /// <exception cref="ArgumentException">The type has none of this name.</exception>
    public RowColumn this[string name] => _columns.TryGetValue(name, out var column)
        ? column
        : throw new ArgumentException($"The row has no value for @{name}; it is a {_type}.", nameof(name));

    public static RowColumns Of(Type type) => Known.GetOrAdd(type, static type => new RowColumns(type));

    private static Func<object, object?> ReaderOf(PropertyInfo property)
    {
        var row = Expression.Parameter(typeof(object));
        var value = Expression.Property(Expression.Convert(row, property.DeclaringType!), property);
        return Expression.Lambda<Func<object, object?>>(Expression.Convert(value, typeof(object)), row).Compile();
    }
}
