namespace Tickets.Api.NatsApi;

/// <summary>Registers the API over NATS.</summary>
internal static class NatsApiServices
{
    public static IServiceCollection AddNatsApi(this IServiceCollection services) => services
        .AddSingleton<TicketApi>()
        .AddHostedService<NatsApiService>();
}
