namespace Tickets.Handlers;

/// <summary>The turns of tickets. Tickets that share a slot wait for each other, which costs time and nothing else.</summary>
public sealed class TicketTurns : IDisposable
{
    private const int Slots = 1024;

    private readonly SemaphoreSlim[] _slots = [.. Enumerable.Range(0, Slots).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Returns when it is this command's turn, until the turn is disposed.</summary>
    public async ValueTask<Turn> TakeAsync(string tenant, Guid ticketId, CancellationToken cancellation)
    {
        var slot = _slots[(uint)HashCode.Combine(tenant, ticketId) % Slots];
        await slot.WaitAsync(cancellation);
        return new Turn(slot);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Dispose();
        }
    }

    /// <summary>A turn that somebody has. Disposing it again does nothing.</summary>
    public sealed class Turn(SemaphoreSlim slot) : IDisposable
    {
        private SemaphoreSlim? _slot = slot;

        /// <summary>Lets the next one in.</summary>
        public void Dispose() => Interlocked.Exchange(ref _slot, null)?.Release();
    }
}
