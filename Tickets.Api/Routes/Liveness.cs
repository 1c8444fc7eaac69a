namespace Tickets.Api.Routes;

/// <summary>What every prober is told.</summary>
/// <param name="Status"><c>live</c>; asked for readiness, as <see cref="Readiness"/> has it.</param>
internal sealed record Liveness(string Status);
