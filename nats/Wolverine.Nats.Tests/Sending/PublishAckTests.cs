using System.Buffers;
using System.Text;
using Wolverine.Nats.Sending;

namespace Wolverine.Nats.Tests.Sending;

public sealed class PublishAckTests
{
    // The third and the sixth: found by the fault suite, "NATS follower frozen", seed 102. Events were taken out of the outbox that no
    // stream had.
    [Theory]
    [InlineData("""{"stream":"EVENTS", "seq":7}""", PublishAck.Answer.Stored)]
    [InlineData("""{"stream":"EVENTS", "seq":7,"duplicate": true}""", PublishAck.Answer.Duplicate)]
    [InlineData("""{"stream":"EVENTS", "seq":0,"duplicate": true}""", PublishAck.Answer.None)]
    [InlineData("""{"duplicate": true, "seq":7}""", PublishAck.Answer.Duplicate)]
    [InlineData("""{"error":{"code":503,"err_code":10077,"description":"maximum messages exceeded"},"stream":"EVENTS","seq":0}""", PublishAck.Answer.Refused)]
    [InlineData("""{"error":{"code":409,"err_code":10158,"description":"duplicate message id is in process"},"stream":"EVENTS","seq":0}""", PublishAck.Answer.None)]
    [InlineData("""{"stream":"EVENTS"}""", PublishAck.Answer.None)]
    [InlineData("no JSON", PublishAck.Answer.None)]
    public void an_ack_counts_only_when_the_stream_has_the_message(string json, object kind) =>
        PublishAck.Reader.Instance.Deserialize(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json))).Kind.ShouldBe((PublishAck.Answer)kind);
}
