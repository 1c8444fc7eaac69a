using System.Collections.Concurrent;
using NATS.Client.Core;
using Tickets.Faults.Systems;

namespace Tickets.Faults.Load;

/// <summary>
/// Sends commands over HTTP and NATS as clients do: most of them again and again, under the same key, until they are told what
/// became of them; some give up. Writes down what each of them knows in the end.
/// </summary>
/// <param name="services">Over which services; each command begins with another.</param>
/// <param name="nats">The connection for those that are published.</param>
/// <param name="seed">Decides what is sent.</param>
/// <param name="pace">How long each of its senders rests after a command. Default 40 ms.</param>
public sealed class LoadClient(Func<IReadOnlyList<ServiceProcess>> services, INatsConnection nats, int seed, TimeSpan? pace = null)
{
    private const int Senders = 12;
    private const int MostTries = 200;
    private static readonly TimeSpan DefaultPace = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(150);

    private readonly LoadMix _mix = new(seed);
    private readonly NatsDoor _nats = new(nats);
    private readonly HttpDoor _http = new(services);
    private Task _sending = Task.CompletedTask;
    private volatile bool _isSending;
    private volatile bool _isAbandoned;
    private int _taken;

    /// <summary>How many commands were accepted.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>What was sent and is settled.</summary>
    public ConcurrentQueue<SentCommand> History { get; } = [];

    /// <summary>Answers that no client should get, whatever has failed.</summary>
    public IReadOnlyCollection<string> Surprises => _http.Surprises;

    /// <summary>Begins to send, or goes on after <see cref="StopAsync"/>.</summary>
    public void Start()
    {
        _isSending = true;
        _sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(SendAsync)));
    }

    /// <summary>Begins no more commands and returns when all are settled.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        _isSending = false;
        await _sending.WaitAsync(limit);
    }

    /// <summary>Begins no more commands, and tries none again.</summary>
    public void Abandon() => (_isSending, _isAbandoned) = (false, true);

    private async Task SendAsync()
    {
        while (_isSending)
        {
            await SettleAsync(_mix.Next());
            await Task.Delay(pace ?? DefaultPace);
        }
    }

    private async Task SettleAsync(LoadCommand command)
    {
        var random = _mix.RandomOf(command.Number, "client");
        var isPatient = random.Next(5) != 0;
        var isAsynchronous = random.Next(3) == 0;
        var sent = DateTimeOffset.UtcNow;
        var (outcome, sequence) = await TryAsync(command, isAsynchronous, attempt: 0);

        // What was refused after an earlier try without an answer may be that earlier try's effect: only the first answer refuses.
        for (var attempt = 1; outcome == Outcome.Unknown && isPatient && attempt < MostTries && !_isAbandoned; attempt++)
        {
            await Task.Delay(BetweenTries);
            (var again, sequence) = await TryAsync(command, isAsynchronous, attempt);
            outcome = again == Outcome.Taken ? Outcome.Taken : Outcome.Unknown;
        }

        History.Enqueue(new SentCommand(command, outcome, sent, DateTimeOffset.UtcNow, sequence));
        if (outcome == Outcome.Taken)
        {
            Interlocked.Increment(ref _taken);
            await RepeatAsync(command, isAsynchronous, random);
        }
    }

    // A repeat of what was taken must change nothing.
    private async Task RepeatAsync(LoadCommand command, bool isAsynchronous, Random random)
    {
        if (random.Next(20) == 0)
        {
            await TryAsync(command, isAsynchronous, attempt: 1);
        }
    }

    private async Task<(Outcome Outcome, ulong? Sequence)> TryAsync(LoadCommand command, bool isAsynchronous, int attempt)
    {
        if (command.OverNats)
        {
            return await _nats.TryAsync(command);
        }

        var (outcome, ticketId) = await _http.TryAsync(command, isAsynchronous, attempt);
        if (ticketId is not null)
        {
            _mix.Created(command, ticketId);
        }

        return (outcome, null);
    }
}
