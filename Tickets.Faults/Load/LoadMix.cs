using System.Collections.Concurrent;

namespace Tickets.Faults.Load;

/// <summary>Decides which command comes next, by a seed, and to which tickets.</summary>
/// <param name="seed">The seed.</param>
public sealed class LoadMix(int seed)
{
    /// <summary>Whose commands they are.</summary>
    public static readonly IReadOnlyList<string> Tenants = ["acme", "globex", "initech", "umbrella"];

    private readonly ConcurrentDictionary<string, string> _latest = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _toDelete = new();
    private int _next;

    /// <summary>The next command.</summary>
    public LoadCommand Next()
    {
        var number = Interlocked.Increment(ref _next) - 1;
        var random = RandomOf(number);
        var tenant = Tenants[random.Next(Tenants.Count)];
        var overNats = random.Next(2) == 0;
        var draw = random.Next(100);
        if (draw < 4 && _toDelete.TryGetValue(tenant, out var queue) && queue.TryDequeue(out var unwanted))
        {
            return new LoadCommand(number, tenant, CommandKind.Delete, overNats, unwanted);
        }

        return draw < 40 && _latest.TryGetValue(tenant, out var ticket)
            ? new LoadCommand(number, tenant, draw < 28 ? CommandKind.Update : CommandKind.Comment, overNats, ticket)
            : new LoadCommand(number, tenant, CommandKind.Create, overNats);
    }

    /// <summary>What a command's own choices are drawn from.</summary>
    public Random RandomOf(int number) => new(HashCode.Combine(seed, number));

    /// <summary>Takes note of a ticket that is there.</summary>
    public void Created(LoadCommand command, string ticketId)
    {
        if (RandomOf(command.Number).Next(10) == 0)
        {
            _toDelete.GetOrAdd(command.Tenant, _ => new ConcurrentQueue<string>()).Enqueue(ticketId);
        }
        else
        {
            _latest[command.Tenant] = ticketId;
        }
    }
}
