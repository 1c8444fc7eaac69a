using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Acceptance;

public sealed class Answers
{
    [Fact]
    public async Task a_request_whose_subject_a_stream_captures_is_answered_by_its_handler()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = server.Connect();
        await new NatsJSContext(connection).CreateStreamAsync(new StreamConfig("GREEDY", ["questions.>"]));
        using var asking = await QuietHost.StartAsync(server.Url, (options, _) => options.PublishMessage<Question>().ToNatsSubject("questions.new"));
        using var answering = await QuietHost.StartAsync(
            server.Url, (options, _) => options.ListenToNatsSubject("questions.>"), typeof(QuestionHandler));

        var answer = await asking.Bus().InvokeAsync<Answer>(new Question(6, 7), timeout: OrdersOnJetStream.Recovery);

        answer.Product.ShouldBe(42);
        (await server.ReadAsync("GREEDY")).ShouldHaveSingleItem().Subject.ShouldBe("questions.new");
        await asking.StopAsync();
        await answering.StopAsync();
    }

    public sealed record Question(int Left, int Right);

    public sealed record Answer(int Product);

    public static class QuestionHandler
    {
        public static Answer Handle(Question question) => new(question.Left * question.Right);
    }
}
