namespace Tickets.Api.Explaining;

/// <summary>Registers what explains.</summary>
internal static class ExplainServices
{
    public static IServiceCollection AddExplaining(this IServiceCollection services) => services
        .AddSingleton<StoredEvents>()
        .AddSingleton<QueuedCommand>()
        .AddSingleton<ExplainedChange>()
        .AddSingleton<Explainer>();
}
