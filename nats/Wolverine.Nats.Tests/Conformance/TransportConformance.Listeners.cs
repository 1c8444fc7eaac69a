using Microsoft.Extensions.DependencyInjection;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Wolverine.Nats.Tests.Conformance;

/// <summary>What Wolverine asks of listeners while they run.</summary>
public abstract partial class TransportConformance
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task a_stopped_listener_takes_nothing_until_it_is_started()
    {
        await Pair.Listener.StopAndDrainAsync();
        Pair.Listener.Status.ShouldBe(ListeningStatus.Stopped);

        await Pair.Listener.StartAsync();

        Pair.Listener.Status.ShouldBe(ListeningStatus.Accepting);
        await DeliversAsync();
    }

    [Fact]
    public async Task a_paused_listener_goes_on_by_itself()
    {
        await Pair.Listener.PauseAsync(TimeSpan.FromMilliseconds(200));
        Pair.Listener.Status.ShouldBe(ListeningStatus.Paused);

        await AcceptsAsync();

        await DeliversAsync();
    }

    [Fact]
    public async Task a_policy_can_pause_the_listener_from_within_a_handler()
    {
        var flaky = new Flaky(Guid.NewGuid(), Trouble.Paused, Times: 1);

        await Pair.Bus().PublishAsync(flaky);

        await Eventually.Async(() => Pair.Listener.Status == ListeningStatus.Paused, Patience, "the listener pauses");
        await AcceptsAsync();
        await DeliversAsync();
    }

    [Fact]
    public async Task a_listener_that_is_too_busy_stops_receiving_until_it_is_started()
    {
        await Pair.Listener.MarkAsTooBusyAndStopReceivingAsync();
        Pair.Listener.Status.ShouldBe(ListeningStatus.TooBusy);

        await Pair.Listener.StartAsync();

        await DeliversAsync();
    }

    [Fact]
    public async Task a_listener_can_be_made_anew_while_it_runs()
    {
        await Pair.Listener.RestartAsync();

        Pair.Listener.Status.ShouldBe(ListeningStatus.Accepting);
        await DeliversAsync();
    }

    [Fact]
    public async Task the_listener_tells_its_health()
    {
        var endpoints = Pair.Receiver.Services.GetRequiredService<IWolverineRuntime>().Endpoints;

        // It finds its consumer in the background.
        var health = await Eventually.Async(
            () => Task.FromResult(endpoints.CollectEndpointHealth().Single(endpoint => endpoint.EndpointName == "notes")),
            found => found.ConnectionState == TransportConnectionState.Connected,
            Patience,
            "it receives");

        health.Status.ShouldBe(nameof(ListeningStatus.Accepting));
    }

    private Task AcceptsAsync() =>
        Eventually.Async(() => Pair.Listener.Status == ListeningStatus.Accepting, Patience, "the listener goes on");

    private async Task DeliversAsync()
    {
        var note = Note.New();
        await Pair.Bus().PublishAsync(note);
        await Received.WaitAsync(note.Id);
    }
}
