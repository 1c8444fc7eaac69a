using System.Collections.Concurrent;

namespace Tickets.Api.Commands;

/// <summary>
/// Requests with one key that come to this process at the same time. One of them leads, the others follow and get what it gets; who has
/// patience left when it ends without an outcome leads next.
/// </summary>
internal sealed class Flights(TimeProvider clock)
{
    // Who has less time left than this does not begin anything.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<Guid, Flight> _flights = new();

    /// <summary>Leads, or follows.</summary>
    /// <param name="key">What they share.</param>
    /// <param name="wait">How long to wait for the outcome; null for not at all.</param>
    /// <param name="lead">Does what the request asks for, within the time that is left.</param>
    /// <param name="cancellation">The caller went away.</param>
    public async Task<CommandResult> FlyAsync(SharedKey key, TimeSpan? wait, Func<TimeSpan?, Task<CommandResult>> lead, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        for (var left = wait; ; left = wait - clock.GetElapsedTime(started))
        {
            var mine = new Flight(key.Fingerprint);
            var flight = _flights.GetOrAdd(key.Id, mine);
            if (flight.Fingerprint != key.Fingerprint)
            {
                return new CommandResult.KeyReused();
            }

            if (flight == mine)
            {
                return await LeadAsync(mine, key.Id, () => lead(left));
            }

            if (await FollowAsync(flight, left ?? TimeSpan.Zero, cancellation) is { } result)
            {
                return result;
            }
        }
    }

    private async Task<CommandResult> LeadAsync(Flight flight, Guid key, Func<Task<CommandResult>> lead)
    {
        CommandResult result = new CommandResult.InFlight();
        try
        {
            return result = await lead();
        }
        finally
        {
            _flights.TryRemove(key, out _);
            flight.Landed.TrySetResult(result);
        }
    }

    // Null when there is no outcome, and patience for more.
    private async Task<CommandResult?> FollowAsync(Flight flight, TimeSpan patience, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        try
        {
            return await flight.Landed.Task.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, clock, cancellation) switch
            {
                CommandResult.Answered answered => answered with { Replayed = true },
                CommandResult.Accepted or CommandResult.InFlight => patience - clock.GetElapsedTime(started) > ShortestWait ? null : new CommandResult.InFlight(),
                var other => other,
            };
        }
        catch (TimeoutException)
        {
            return new CommandResult.InFlight();
        }
    }

    // Not a record: two with the same fingerprint are two.
    private sealed class Flight(string fingerprint)
    {
        public string Fingerprint { get; } = fingerprint;

        public TaskCompletionSource<CommandResult> Landed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
