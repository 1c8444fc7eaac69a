namespace Tickets.Api.NatsApi;

/// <summary>What can be asked over NATS.</summary>
/// <param name="Verb">The last token of <c>ticket.api.{tenant}.{verb}</c>, and the endpoint's name.</param>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Request">The type of its body.</param>
/// <param name="Response">The type of what it answers.</param>
internal sealed record ApiEndpoint(string Verb, string Summary, Type Request, Type Response)
{
    /// <summary>The subject for all tenants.</summary>
    public string Subject => Tickets.Contracts.Subjects.Request("*", Verb);
}
