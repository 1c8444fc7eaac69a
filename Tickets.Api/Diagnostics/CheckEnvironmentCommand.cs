using JasperFx.CommandLine;
using Tickets.Api.CommandLine;

namespace Tickets.Api.Diagnostics;

/// <summary>
/// <c>check-env</c>: one line for the server, JetStream, each stream, each consumer, the permissions, what answers, and the database. The exit
/// code is 0 only when all are well. It takes the place of JasperFx's command, which does not say what failed.
/// </summary>
[Description("Check NATS, its streams and consumers, the permissions, and the database; for instance: check-env --json", Name = "check-env")]
public sealed class CheckEnvironmentCommand : OperatorCommand<OperatorInput>
{
    // It is there to tell what is wrong with it.
    /// <inheritdoc/>
    protected override bool UsesNats(OperatorInput input) => false;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(OperatorInput input, IHost host)
    {
        return (await host.Services.GetRequiredService<Environs>().ExamineAsync(CancellationToken.None)).Tell(input.JsonFlag, host.Services);
    }
}
