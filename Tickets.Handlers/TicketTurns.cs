namespace Tickets.Handlers;

/// <summary>The turns of tickets. A ticket waits for itself alone: its rows may be held for as long as somebody forgets a transaction.</summary>
public sealed class TicketTurns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Tenant, Guid TicketId), Line> _lines = [];

    /// <summary>Returns when it is this command's turn, until the turn is disposed.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for it any longer.</exception>
    public async ValueTask<Turn> TakeAsync(string tenant, Guid ticketId, CancellationToken cancellation)
    {
        var turn = new Turn(this, Join((tenant, ticketId)));
        try
        {
            await turn.ComeAsync(cancellation);
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    private Line Join((string Tenant, Guid TicketId) key)
    {
        lock (_gate)
        {
            if (!_lines.TryGetValue(key, out var line))
            {
                _lines[key] = line = new Line(key);
            }

            line.Length++;
            return line;
        }
    }

    private void Leave(Line line)
    {
        lock (_gate)
        {
            if (--line.Length == 0)
            {
                _lines.Remove(line.Key);
            }
        }
    }

    /// <summary>A turn that somebody waits for or has. Disposing it again does nothing.</summary>
    public sealed class Turn : IDisposable
    {
        private readonly TicketTurns _turns;
        private readonly Line _line;
        private bool _hasCome;
        private int _isOver;

        internal Turn(TicketTurns turns, Line line) => (_turns, _line) = (turns, line);

        /// <summary>Lets the next one in.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 1)
            {
                return;
            }

            if (_hasCome)
            {
                _line.Next.Release();
            }

            _turns.Leave(_line);
        }

        internal async ValueTask ComeAsync(CancellationToken cancellation)
        {
            await _line.Next.WaitAsync(cancellation);
            _hasCome = true;
        }
    }

    /// <summary>Those who wait for a ticket, and who has it.</summary>
    internal sealed class Line((string Tenant, Guid TicketId) key)
    {
        public (string Tenant, Guid TicketId) Key => key;

        // Without a handle of the system there is nothing to dispose of.
        public SemaphoreSlim Next { get; } = new(1, 1);

        public int Length { get; set; }
    }
}
