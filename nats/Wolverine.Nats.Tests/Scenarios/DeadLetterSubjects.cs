using System.Globalization;
using NATS.Client.Core;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Scenarios;

public sealed class DeadLetterSubjects : IAsyncLifetime
{
    private NatsServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await NatsServer.StartAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task what_can_not_be_handled_goes_to_the_subject_named_with_wolverines_diagnostics(bool buffered)
    {
        var begin = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        using var host = await StartAsync(listener => _ = buffered ? listener.BufferedInMemory() : listener);
        var fragile = Fragile.New(failures: 10);

        await host.Bus().PublishAsync(fragile, new DeliveryOptions().WithHeader("color", "green"));

        var dead = await DeadLetterAsync();
        dead.Subject.ShouldBe("dead.fragile");
        dead.Json().GetProperty("id").GetGuid().ShouldBe(fragile.Id);
        dead.Header("color").ShouldBe("green");
        dead.Header("exception-type").ShouldBe(typeof(InvalidOperationException).FullName);
        dead.Header("exception-message").ShouldBe("too fragile");
        dead.Header("original-destination").ShouldBe("nats://subject/fragile");
        dead.Header("attempts").ShouldBe("1");
        long.Parse(dead.Header("failed-at")!, CultureInfo.InvariantCulture).ShouldBeInRange(begin, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Received.Of(fragile.Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task each_may_have_a_subject_of_its_own_by_the_original_one()
    {
        using var host = await StartAsync(listener => listener.DeadLetterTo((subject, _) => $"dead.letters.of.{subject}"));

        await host.Bus().PublishAsync(Fragile.New(failures: 10));

        (await DeadLetterAsync()).Subject.ShouldBe("dead.letters.of.fragile");
    }

    [Fact]
    public async Task a_dead_letter_can_be_handled_in_its_turn()
    {
        using var host = await StartAsync(_ => { }, options => options.ListenToNatsSubject("dead.fragile").UseJetStream("DEAD", "second-chance"));
        var fragile = Fragile.New(failures: 1);

        await host.Bus().PublishAsync(fragile);

        (await Received.WaitAsync(fragile.Id, times: 2))[1].Headers["Dlq-Subject"].ShouldBe("fragile");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<Microsoft.Extensions.Hosting.IHost> StartAsync(
        Action<NatsListenerConfiguration> configure, Action<WolverineOptions>? more = null) => QuietHost.StartAsync(
        _server.Url,
        (options, nats) =>
        {
            nats.DefineWorkQueueStream("FRAGILE", "fragile").DefineStream("DEAD", stream => stream.WithSubjects("dead.>"));
            options.PublishMessage<Fragile>().ToNatsSubject("fragile").SendInline();
            configure(options.ListenToNatsSubject("fragile").UseJetStream("FRAGILE", "workers").DeadLetterTo("dead.fragile"));
            more?.Invoke(options);
        },
        typeof(FragileHandler));

    private async Task<NatsMsg<string>> DeadLetterAsync() => (await Eventually.Async(
        () => _server.ReadAsync("DEAD"), dead => dead.Count > 0, TimeSpan.FromSeconds(10), "it is dead-lettered")).ShouldHaveSingleItem();
}
