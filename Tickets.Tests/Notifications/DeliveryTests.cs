using Microsoft.Extensions.Logging.Abstractions;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Notifications;
using Tickets.Tests.Domain;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Notifications;

/// <summary>Whatever a channel does, a delivery ends.</summary>
public class DeliveryTests
{
    private static readonly NotificationOptions Options = new() { Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)] };
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task what_a_channel_throws_is_tried_again_and_given_up_after_the_last_pause()
    {
        const string Reason = "the channel 'stub' failed (IOException)";
        var delivery = Delivery((_, _) => throw new IOException("no space on db1:/srv/s3cret"), TimeProvider.System);

        foreach (var attempt in new[] { 1, 2 })
        {
            var failed = await Should.ThrowAsync<DeliveryFailedException>(() => delivery.TryAsync(Request, attempt, Long, CancellationToken.None));
            failed.Message.ShouldBe(Reason);
            failed.IsPermanent.ShouldBeFalse();
            failed.InnerException.ShouldBeOfType<IOException>();
        }

        (await delivery.TryAsync(Request, attempt: 3, Long, CancellationToken.None)).ShouldBe(Reason);
    }

    [Fact]
    public async Task what_processes_have_died_with_is_not_given_up_before_the_time_of_its_pauses_is_over()
    {
        var delivery = Delivery((_, _) => throw new IOException("away for a moment"), TimeProvider.System);

        var failed = await Should.ThrowAsync<DeliveryFailedException>(() => delivery.TryAsync(Request, attempt: 9, Long / 2, CancellationToken.None));

        failed.IsPermanent.ShouldBeFalse();
    }

    [Fact]
    public async Task what_the_end_of_the_process_interrupts_has_not_failed()
    {
        using var stopping = new CancellationTokenSource();
        var trying = Delivery((_, cancellation) => Task.Delay(Timeout.Infinite, cancellation), TimeProvider.System)
            .TryAsync(Request, attempt: 3, Long, stopping.Token);

        await stopping.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => trying);
    }

    [Fact]
    public async Task a_channel_that_does_not_return_is_interrupted_after_a_minute()
    {
        const string Reason = "the channel 'stub' took longer than 60 s";
        var clock = new TimerClock();
        var delivery = Delivery((_, cancellation) => Task.Delay(Timeout.Infinite, cancellation), clock);

        var first = delivery.TryAsync(Request, attempt: 1, TimeSpan.Zero, CancellationToken.None);
        clock.Fire().ShouldBe(TimeSpan.FromMinutes(1));
        var last = delivery.TryAsync(Request, attempt: 3, Long, CancellationToken.None);
        clock.Fire();

        (await Should.ThrowAsync<DeliveryFailedException>(() => first)).Message.ShouldBe(Reason);
        (await last).ShouldBe(Reason);
    }

    [Fact]
    public async Task a_channel_that_takes_nothing_is_left_alone_for_a_moment_and_then_tried_once()
    {
        var (clock, tries, takes) = (new SteppedClock(), 0, false);
        var delivery = Delivery(
            (_, _) =>
            {
                tries++;
                return takes ? Task.CompletedTask : throw new DeliveryFailedException("it did not answer in time", permanent: false);
            },
            clock);
        async Task<string?> FaultAsync() =>
            (await Record.ExceptionAsync(() => delivery.TryAsync(Request, attempt: 1, TimeSpan.Zero, CancellationToken.None)))?.Message;

        foreach (var _ in Enumerable.Range(0, 20))
        {
            (await FaultAsync()).ShouldBe("it did not answer in time");
        }

        (await FaultAsync()).ShouldBe("the channel 'stub' is left alone for 5 s, as nearly all failed: it did not answer in time");
        tries.ShouldBe(20);
        (await delivery.TryAsync(Request, attempt: 3, Long, CancellationToken.None)).ShouldStartWith("the channel 'stub' is left alone");

        clock.Advance(TimeSpan.FromSeconds(6));
        (await FaultAsync()).ShouldBe("it did not answer in time");
        (await FaultAsync()).ShouldStartWith("the channel 'stub' is left alone");
        tries.ShouldBe(21);

        takes = true;
        clock.Advance(TimeSpan.FromSeconds(6));
        (await FaultAsync()).ShouldBeNull();
        (await FaultAsync()).ShouldBeNull();
        tries.ShouldBe(23);
    }

    [Fact]
    public async Task one_that_takes_some_is_not_left_alone_and_neither_is_one_that_refuses()
    {
        var tries = 0;
        var delivery = Delivery(
            (_, _) => ++tries % 5 == 0 ? Task.CompletedTask : throw new DeliveryFailedException("it failed", permanent: tries > 100), new SteppedClock());

        foreach (var _ in Enumerable.Range(0, 200))
        {
            await Record.ExceptionAsync(() => delivery.TryAsync(Request, attempt: 1, TimeSpan.Zero, CancellationToken.None));
        }

        tries.ShouldBe(200);
    }

    private static NotificationRequested Request => new(Guid.CreateVersion7(), NotificationReason.Assigned, "stub", "bob", A.Ticket, "ada");

    private static NotificationDelivery Delivery(Func<NotificationRequested, CancellationToken, Task> deliver, TimeProvider clock) =>
        new([new Stub(deliver)], Options, clock, NullLogger<NotificationDelivery>.Instance);

    private sealed class Stub(Func<NotificationRequested, CancellationToken, Task> deliver) : INotificationChannel
    {
        public string Name => "stub";

        public Task DeliverAsync(NotificationRequested request, CancellationToken cancellation) => deliver(request, cancellation);
    }

    /// <summary>A clock whose timers end when they are told to.</summary>
    private sealed class TimerClock : TimeProvider
    {
        private readonly Stack<(TimeSpan Due, Action Fire)> _timers = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Push((dueTime, () => callback(state)));
            return new Unmoved();
        }

        /// <summary>Ends the newest timer; gives the time that it was set to.</summary>
        public TimeSpan Fire()
        {
            var (due, fire) = _timers.Pop();
            fire();
            return due;
        }

        private sealed class Unmoved : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
