using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Tickets.Faults.Load;

/// <summary>Decides which command comes next, by a seed, and to which tickets.</summary>
/// <param name="seed">The seed.</param>
public sealed class LoadMix(int seed)
{
    /// <summary>Whose commands they are.</summary>
    public static readonly IReadOnlyList<string> Tenants = ["acme", "globex", "initech", "umbrella"];

    private readonly ConcurrentDictionary<string, byte> _known = new();
    private readonly ConcurrentDictionary<string, string> _latest = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _toDelete = new();
    private int _next;

    /// <summary>The next command.</summary>
    public LoadCommand Next()
    {
        var number = Interlocked.Increment(ref _next) - 1;
        var random = RandomOf(number, "command");
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

    /// <summary>What a command's own choices are drawn from: the same in every process, which <see cref="HashCode"/>'s are not.</summary>
    /// <param name="number">The command's number.</param>
    /// <param name="purpose">What is chosen; choices for different purposes have nothing to do with each other.</param>
    public Random RandomOf(int number, string purpose) => new(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {number} {purpose}"))));

    /// <summary>Takes note of a ticket that is there; a repeat of what made it tells nothing new.</summary>
    public void Created(LoadCommand command, string ticketId)
    {
        if (!_known.TryAdd(ticketId, 0))
        {
            return;
        }

        if (RandomOf(command.Number, "fate").Next(10) == 0)
        {
            _toDelete.GetOrAdd(command.Tenant, _ => new ConcurrentQueue<string>()).Enqueue(ticketId);
        }
        else
        {
            _latest[command.Tenant] = ticketId;
        }
    }
}
