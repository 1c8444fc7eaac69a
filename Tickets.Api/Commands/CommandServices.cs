using Tickets.Handlers.Units;

namespace Tickets.Api.Commands;

/// <summary>Registers what sends commands and waits for them.</summary>
internal static class CommandServices
{
    public static IServiceCollection AddCommands(this IServiceCollection services) => services
        .AddSingleton<OutcomeWaiting>()
        .AddSingleton<ILocalCallers, LocalCallers>()
        .AddSingleton<CommandSender>()
        .AddSingleton<IdempotentSender>();
}
