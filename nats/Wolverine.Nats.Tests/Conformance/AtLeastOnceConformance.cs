using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Conformance;

/// <summary>What can be asked of every mode but the buffered one, which acknowledges before it handles.</summary>
public abstract class AtLeastOnceConformance(OnJetStream pair) : JetStreamConformance(pair)
{
    [Fact]
    public async Task what_made_its_handler_pause_the_listener_is_handled_again()
    {
        var flaky = new Flaky(Guid.NewGuid(), Trouble.Paused, Times: 1);

        await Pair.Bus().PublishAsync(flaky);

        await Received.WaitAsync(flaky.Id, times: 2);
    }
}
