namespace Tickets.Api.Routes;

/// <summary>What an operator is told.</summary>
/// <param name="Status"><c>ready</c>, <c>degraded</c> or <c>not_ready</c>.</param>
/// <param name="Faults">What is wrong, a sentence each.</param>
/// <param name="Shed">Requests that were refused because there was too much to do, by their kind.</param>
internal sealed record Readiness(string Status, IEnumerable<string?> Faults, IReadOnlyDictionary<string, long> Shed);
