using System.Runtime.InteropServices;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Backups;

/// <summary>
/// What to do when this process is told to end (SIGINT, SIGTERM) while others work for it: they would go on. Told again, it ends at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    private Interruption() => _signals =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt)];

    /// <summary>Does something that can be cancelled.</summary>
    /// <exception cref="BackupException">It was cancelled, because the process was told to end.</exception>
    public static async Task<T> CancelsAsync<T>(Func<CancellationToken, Task<T>> work)
    {
        using var interruption = new Interruption();
        try
        {
            return await work(interruption._source.Token);
        }
        catch (OperationCanceledException) when (interruption._source.IsCancellationRequested)
        {
            throw new BackupException("it was interrupted");
        }
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _source.Dispose();
    }

    private void Interrupt(PosixSignalContext signal)
    {
        signal.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
