using Tickets.Api.Commands;
using Tickets.Contracts;
using Tickets.Handlers.Retention;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Service;

public sealed class WaitingCommandsTests
{
    private readonly SteppedClock _clock = new();

    // Both in minutes from now: when the id was made, where it tells, and when the first that waits was accepted, where one does.
    [Theory]
    [InlineData(0.0, -5.0, true)]
    [InlineData(0.5, -5.0, true)]
    [InlineData(-5.5, -5.0, true)]
    [InlineData(-10.0, -5.0, false)]
    [InlineData(2.0, -5.0, false)]
    [InlineData(0.0, null, false)]
    [InlineData(null, -5.0, true)]
    [InlineData(null, null, false)]
    public async Task a_command_may_wait_that_is_no_older_than_the_first_that_does(double? made, double? first, bool mayWait)
    {
        var waiting = Waiting(() => first is null ? null : _clock.GetUtcNow().AddMinutes(first.Value));

        (await waiting.MayHoldAsync(made is null ? HashedId.Of("key") : IdOf(TimeSpan.FromMinutes(made.Value)), CancellationToken.None)).ShouldBe(mayWait);
    }

    [Theory]
    [InlineData(-29, true)]
    [InlineData(-31, false)]
    public async Task where_nobody_can_tell_it_may_for_as_long_as_the_ledger_remembers(int days, bool mayWait)
    {
        var waiting = Waiting(() => throw new BacklogUnknownException("NATS is away"));

        (await waiting.MayHoldAsync(IdOf(TimeSpan.FromDays(days)), CancellationToken.None)).ShouldBe(mayWait);
        (await waiting.MayHoldAsync(HashedId.Of("key"), CancellationToken.None)).ShouldBeTrue();
    }

    private WaitingCommands Waiting(Func<DateTimeOffset?> first) => new(new Backlog(first), new RetentionOptions(), _clock);

    private Guid IdOf(TimeSpan fromNow) => Guid.CreateVersion7(_clock.GetUtcNow() + fromNow);

    private sealed class Backlog(Func<DateTimeOffset?> first) : ICommandBacklog
    {
        public Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation) => Task.FromResult(first());
    }
}
