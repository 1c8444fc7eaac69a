using Tickets.Api.Events;
using Wolverine.Runtime;

namespace Tickets.Api.Explaining;

/// <summary>Registers what explains.</summary>
internal static class ExplainServices
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    public static IServiceCollection AddExplaining(this IServiceCollection services) => services
        .AddSingleton(services =>
        {
            var messages = new EventMessages(services.GetRequiredService<IWolverineRuntime>());
            return new StoredEvents(messages.ReadAsync, messages.LastSequenceAsync, Silence);
        })
        .AddSingleton<QueuedCommand>()
        .AddSingleton<GivenUpNotifications>()
        .AddSingleton<ExplainedChange>()
        .AddSingleton<Explainer>();
}
