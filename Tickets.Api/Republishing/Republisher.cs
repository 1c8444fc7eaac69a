using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Api.Composition;
using Tickets.Contracts;
using Tickets.Handlers.Records;
using Wolverine.Nats;
using Wolverine.Nats.Mapping;
using Wolverine.Runtime;

namespace Tickets.Api.Republishing;

/// <summary>Publishes the events of past changes again, as the audit trail tells them.</summary>
internal sealed class Republisher(AuditArchive archive, ServiceOptions options, IWolverineRuntime runtime)
{
    private const int MostInFlight = 256;

    // A stream that was just made, or whose leader is gone, elects one.
    private const int Attempts = 40;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(500);

    private readonly INatsEnvelopeMapper _mapper = EventRouting.EventMapper(options);

    /// <summary>How many changes there are.</summary>
    public async Task<long> CountAsync(IReadOnlyList<string> tenants, AuditSpan span)
    {
        long count = 0;
        foreach (var tenant in tenants)
        {
            count += await archive.CountAsync(tenant, span, CancellationToken.None);
        }

        return count;
    }

    /// <summary>Goes through the changes of one tenant after another, oldest first.</summary>
    /// <param name="tenants">The tenants.</param>
    /// <param name="span">The span of time.</param>
    /// <param name="publish">False to count only.</param>
    /// <param name="report">Told what is done after each step.</param>
    /// <exception cref="NatsException">The stream has not confirmed an event. What was reported is stored.</exception>
    public async Task<RepublishResult> RunAsync(IReadOnlyList<string> tenants, AuditSpan span, bool publish, Action<RepublishResult> report)
    {
        var done = default(RepublishResult);
        foreach (var tenant in tenants)
        {
            await foreach (var batch in archive.ReadAsync(tenant, span, CancellationToken.None))
            {
                var messages = batch.SelectMany(stored => RebuiltMessage.Of(stored, _mapper, runtime.Options.DefaultSerializer)).ToArray();
                var step = new RepublishResult(batch.Count, messages.Length, 0, 0);
                done += publish ? step + await PublishAsync(messages) : step;
                report(done);
            }
        }

        return done;
    }

    private async Task<RepublishResult> PublishAsync(IEnumerable<RebuiltMessage> messages)
    {
        var result = default(RepublishResult);
        foreach (var some in messages.Chunk(MostInFlight))
        {
            var acks = await Task.WhenAll(some.Select(PublishAsync));
            var recognised = acks.Count(ack => ack.Duplicate);
            result += new RepublishResult(0, 0, acks.Length - recognised, recognised);
        }

        return result;
    }

    private async Task<PubAckResponse> PublishAsync(RebuiltMessage message)
    {
        var ack = await runtime.Options.NatsTransport().JetStream.PublishAsync(
            message.Subject,
            message.Body,
            opts: new NatsJSPubOpts
            {
                MsgId = message.Id,
                ExpectedStream = Subjects.EventStream,
                RetryAttempts = Attempts,
                RetryWaitBetweenAttempts = BetweenAttempts,
            },
            headers: message.Headers);
        return ack.Error is { } error ? throw new NatsJSApiException(error) : ack;
    }
}
