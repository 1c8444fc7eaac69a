using System.Text.Json.Serialization;
using Tickets.Contracts;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Routes;

/// <summary>A command on its way.</summary>
/// <param name="Id">The command's identity.</param>
/// <param name="Status"><c>pending</c>, <c>succeeded</c> or <c>failed</c>.</param>
/// <param name="Result">What a success answered.</param>
/// <param name="Problem">What a failure answered.</param>
internal sealed record Operation(
    Guid Id,
    string Status,
    [property: JsonConverter(typeof(RawJsonConverter))] string? Result = null,
    [property: JsonConverter(typeof(RawJsonConverter))] string? Problem = null)
{
    public static Operation Pending(Guid id) => new(id, "pending");

    public static Operation Of(Guid id, LedgerEntry entry) => entry.TookEffect
        ? new Operation(id, "succeeded", Result: entry.Body)
        : new Operation(id, "failed", Problem: entry.Body);
}
