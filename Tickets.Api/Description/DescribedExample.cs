namespace Tickets.Api.Description;

/// <summary>What an answer looks like.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Value">The body.</param>
internal sealed record DescribedExample(int Status, object Value);
