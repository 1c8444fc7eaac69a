using System.Data.Common;
using JasperFx.CommandLine;
using NATS.Client.Core;
using Tickets.Handlers.Storage.Sqlite;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.CommandLine;

/// <summary>
/// A word that an operator has for the running system. The exit code is 0 only when what was asked for was done; what kept it from
/// that is one line that begins with FAIL and says what to do.
/// </summary>
/// <typeparam name="TInput">What it takes.</typeparam>
public abstract class OperatorCommand<TInput> : JasperFxAsyncCommand<TInput>
    where TInput : class, IOperatorInput
{
    /// <inheritdoc/>
    public sealed override async Task<bool> Execute(TInput input)
    {
        if (input.Fault() is { } fault)
        {
            return Fail(input, fault);
        }

        using var host = input.HostBuilder.Build();
        try
        {
            if (UsesNats(input))
            {
                await ConnectAsync(host.Services.GetRequiredService<IWolverineRuntime>());
            }

            return await RunAsync(input, host);
        }
        catch (DbException e)
        {
            return Fail(input, DatabaseFault(e));
        }
        catch (Exception e) when (e is NatsException or NatsConfigurationException or TimeoutException or OperationCanceledException)
        {
            var forbidden = host.Services.GetRequiredService<IWolverineRuntime>().Options.NatsTransport().Forbidden;
            return Fail(input, forbidden is null ? NatsFault(input, e) : $"{NatsFault(input, e)}. {forbidden}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DatabaseInUseException)
        {
            return Fail(input, e.Message);
        }
    }

    /// <summary>Does it.</summary>
    /// <returns>Whether everything asked for was done.</returns>
    protected abstract Task<bool> RunAsync(TInput input, IHost host);

    /// <summary>Whether NATS must be there. Default true.</summary>
    protected virtual bool UsesNats(TInput input) => true;

    /// <summary>Connects. Default: to what is there; who looks at it or uses it is not to change it.</summary>
    protected virtual async Task ConnectAsync(IWolverineRuntime runtime) => await runtime.Options.NatsTransport().ConnectOnlyAsync(runtime);

    /// <summary>Where what kept it from its end is told. Default: with the result, unless that is JSON.</summary>
    protected virtual TextWriter FaultsOf(TInput input) => input.JsonFlag ? Console.Error : Console.Out;

    /// <summary>What to say when NATS did not do its part.</summary>
    protected virtual string NatsFault(TInput input, Exception fault) =>
        $"NATS did not do it: {fault.Message.TrimEnd('.')}; ./tickets check-env tells more, and trying again is safe";

    /// <summary>What to say when the database did not do its part.</summary>
    protected virtual string DatabaseFault(DbException fault) => $"the database can't be read: {fault.Message.TrimEnd('.')}; ./tickets check-env tells more";

    /// <summary>Says what kept it from its end.</summary>
    /// <returns>False.</returns>
    protected bool Fail(TInput input, string fault)
    {
        Printout.Fault(FaultsOf(input), fault);
        return false;
    }
}
