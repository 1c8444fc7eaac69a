namespace Tickets.Handlers.Storage;

/// <summary>A property of a type of rows.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Read">Reads it from a row.</param>
internal sealed record RowColumn(Type Type, Func<object, object?> Read);
