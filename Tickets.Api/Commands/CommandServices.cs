using Tickets.Handlers.Retention;
using Tickets.Handlers.Units;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Commands;

/// <summary>Registers what sends commands and waits for them.</summary>
internal static class CommandServices
{
    public static IServiceCollection AddCommands(this IServiceCollection services) => services
        .AddSingleton<OutcomeWaiting>()
        .AddSingleton<ILocalCallers, LocalCallers>()
        .AddSingleton<ICommandBacklog>(provider => new CommandBacklog(() => provider.GetRequiredService<IWolverineRuntime>().Options.NatsTransport().JetStream))
        .AddSingleton<WaitingCommands>()
        .AddSingleton<CommandSender>()
        .AddSingleton<IdempotentSender>();
}
