namespace Tickets.Api.Events;

/// <summary>Registers what reads events for those who listen.</summary>
internal static class EventServices
{
    public static IServiceCollection AddEventFeed(this IServiceCollection services) => services
        .AddSingleton<EventStream>()
        .AddSingleton<FeedPlaces>()
        .AddSingleton<EventFeed>()
        .AddHostedService(provider => provider.GetRequiredService<EventFeed>());
}
