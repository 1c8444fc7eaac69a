namespace Tickets.Handlers.Storage;

/// <summary>Says when messages can be sent, in a host that starts its messaging later than itself.</summary>
public sealed class StartSignal : IDisposable
{
    private readonly CancellationTokenSource _started = new();

    /// <summary>Cancelled from then on.</summary>
    public CancellationToken Started => _started.Token;

    /// <summary>Gives the signal.</summary>
    public void Give() => _started.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _started.Dispose();
}
