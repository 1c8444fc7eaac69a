using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Contracts.Notifications;
using Wolverine.Runtime;

namespace Tickets.Api.Composition;

/// <summary>
/// Compiles the handlers before the service is ready: otherwise the first message of each type would wait for the compiler,
/// and on a busy machine longer than who sent it.
/// </summary>
internal sealed class HandlerWarmUp(IWolverineRuntime runtime) : IHostedService
{
    private static readonly IEnumerable<Type> Handled =
        [.. WireNames.Verbs.Keys, typeof(NotificationRequested), typeof(CommandOutcome)];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var type in Handled)
        {
            runtime.FindInvoker(type);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
