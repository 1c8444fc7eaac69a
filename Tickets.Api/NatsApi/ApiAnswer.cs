namespace Tickets.Api.NatsApi;

/// <summary>An answer over NATS.</summary>
/// <param name="Status">The status code, as over HTTP.</param>
/// <param name="Json">The body: what was asked for, or the problem.</param>
internal sealed record ApiAnswer(int Status, string Json);
