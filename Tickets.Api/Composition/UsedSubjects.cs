using Tickets.Api.NatsApi;
using Wolverine.Nats.Configuration;

namespace Tickets.Api.Composition;

/// <summary>The subjects that a process uses by its role beside those that its endpoints name.</summary>
internal static class UsedSubjects
{
    // By which services are found and watched (ADR-32 of NATS).
    private const string Discovery = "$SRV.>";

    public static NatsTransportExpression DeclareUsedSubjects(this NatsTransportExpression nats, ServiceOptions options) =>
        options.Does(ServiceRole.Api) ? nats.AnswersRequestsOn([.. ApiEndpoints.All.Select(endpoint => endpoint.Subject), Discovery]) : nats;
}
