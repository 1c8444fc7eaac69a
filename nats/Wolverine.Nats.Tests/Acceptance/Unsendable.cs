using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Tests.Hosts;
using Wolverine.Postgresql;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>Messages that never can be sent are told of, and keep nobody else.</summary>
public sealed class Unsendable
{
    [Theory]
    [InlineData("two words")]
    [InlineData("a:b")]
    [InlineData("Größe")]
    [InlineData("tab\t")]
    public async Task a_header_name_that_can_not_be_written_is_an_error_of_its_message(string name)
    {
        await using var server = await NatsServer.StartAsync();
        using var host = await StartAsync(server, subscriber => subscriber.SendInline());

        var fault = await Should.ThrowAsync<InvalidOperationException>(async () =>
            await host.Bus().PublishAsync("text", new DeliveryOptions().WithHeader(name, "value")));

        fault.Message.ShouldContain($"'{name}' can't be the name of a header");
        (await server.ReadAsync("TEXTS")).ShouldBeEmpty();
    }

    [Fact]
    public async Task what_can_not_be_written_does_not_hold_up_its_neighbours_in_the_outbox()
    {
        await using var database = await PostgreSqlServer.StartAsync();
        await using var server = await NatsServer.StartAsync();
        var log = new LogLines();
        using var host = await StartAsync(server, subscriber => subscriber.UseDurableOutbox(), database, log);

        foreach (var text in Enumerable.Range(0, 20).Select(i => $"text {i}"))
        {
            await host.Bus().PublishAsync(text, new DeliveryOptions().WithHeader(text == "text 3" ? "two words" : "word", "value"));
        }

        await Eventually.Async(() => server.ReadAsync("TEXTS"), found => found.Count == 19, OrdersOnJetStream.Recovery, "its neighbours are stored");
        log.ShouldNotContain(line => line.Contains("are not sent yet", StringComparison.Ordinal));
        await host.StopAsync();
    }

    [Theory]
    [InlineData(10_000, null, "'texts'", "by stream 'TEXTS'", "Make the message smaller.")]
    [InlineData(1, "two words", "two words", "leave it out", "nats://subject/texts")]
    public async Task the_log_tells_why_a_message_in_the_outbox_is_given_up(int length, string? header, params string[] told)
    {
        await using var database = await PostgreSqlServer.StartAsync();
        await using var server = await NatsServer.StartAsync("max_payload: 8KB");
        var log = new LogLines();
        using var host = await StartAsync(server, subscriber => subscriber.UseDurableOutbox(), database, log);

        await host.Bus().PublishAsync(new string('x', length), new DeliveryOptions().WithHeader(header ?? "word", "value"));

        var line = await log.WaitAsync(LogLevel.Error, told[^1], OrdersOnJetStream.Recovery);
        told.ShouldAllBe(part => line.Contains(part, StringComparison.Ordinal));
        line.ShouldMatch("[0-9a-f]{8}-[0-9a-f]{4}-");
        await host.StopAsync();
    }

    private static Task<IHost> StartAsync(
        NatsServer server, Func<NatsSubscriberConfiguration, NatsSubscriberConfiguration> mode, PostgreSqlServer? database = null, LogLines? log = null) =>
        QuietHost.StartAsync(server.Url, (options, nats) =>
        {
            if (database is not null)
            {
                options.PersistMessagesWithPostgresql(database.ConnectionString, "limits");
            }

            if (log is not null)
            {
                options.Services.AddSingleton<ILoggerProvider>(log);
            }

            nats.DefineStream("TEXTS", stream => stream.WithSubjects("texts"));
            mode(options.PublishMessage<string>().ToNatsSubject("texts"));
        });
}
