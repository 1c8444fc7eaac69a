using System.Text.Json.Serialization;

namespace Tickets.Api.Routes;

/// <summary>A page of records.</summary>
/// <typeparam name="T">The record.</typeparam>
/// <param name="Items">The records.</param>
/// <param name="NextCursor">What <c>cursor</c> must be for the next page; null on the last one.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);
