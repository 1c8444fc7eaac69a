using System.Globalization;
using System.Runtime.CompilerServices;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Api.Composition;
using Tickets.Api.Events;
using Tickets.Contracts;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.DeadLetters;

/// <summary>Reads the stream of dead letters, a message or a batch of headers at a time, and removes from it.</summary>
public sealed class LetterStream(IWolverineRuntime runtime, ServiceOptions options)
{
    private const int Batch = 256;
    private const string SizeHeader = "Nats-Msg-Size";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private INatsJSContext JetStream => runtime.Options.NatsTransport().JetStream;

    /// <summary>The letter at a sequence; null when there is none.</summary>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async Task<Letter?> FindAsync(ulong sequence, CancellationToken cancellation) =>
        await GetAsync(new StreamMsgGetRequest { Seq = sequence }, cancellation) is { } letter && !ReplayNotes.IsNote(letter) ? letter : null;

    /// <summary>The newest message on a subject of the stream; null when there is none.</summary>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public Task<Letter?> LastAsync(string subject, CancellationToken cancellation) =>
        GetAsync(new StreamMsgGetRequest { LastBySubj = subject }, cancellation);

    /// <summary>The messages that are there now, oldest first, without their bodies.</summary>
    /// <param name="subjects">On which subjects; wildcards allowed.</param>
    /// <param name="after">The sequence after which it begins; 0 for the first.</param>
    /// <param name="since">Without <paramref name="after"/>, the time at which it begins.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async IAsyncEnumerable<Letter> ReadAsync(
        string subjects, ulong after, DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (after == ulong.MaxValue)
        {
            yield break;
        }

        var consumer = await JetStream.CreateConsumerAsync(Subjects.DeadLetterStream, ConfigurationOf(subjects, after, since), cancellation);
        try
        {
            for (var left = (long)consumer.Info.NumPending; left > 0;)
            {
                var before = left;
                var options = new NatsJSFetchOpts { MaxMsgs = (int)Math.Min(left, Batch), Expires = Patience };
                await foreach (var message in consumer.FetchAsync<byte[]>(options, cancellationToken: cancellation))
                {
                    left = (long)message.Metadata!.Value.NumPending;
                    yield return LetterOf(message);
                }

                if (left == before)
                {
                    throw new NatsException($"Stream '{Subjects.DeadLetterStream}' did not send its messages in time; try again.");
                }
            }
        }
        finally
        {
            await JetStream.DeleteConsumerAsync(Subjects.DeadLetterStream, consumer.Info.Name, CancellationToken.None);
        }
    }

    /// <summary>Removes the message at a sequence.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async Task<bool> RemoveAsync(ulong sequence, CancellationToken cancellation)
    {
        try
        {
            await JetStream.DeleteMessageAsync(Subjects.DeadLetterStream, new StreamMsgDeleteRequest { Seq = sequence }, cancellation);
            return true;
        }
        catch (NatsJSApiException)
        {
            // The server's code for it is that of any deletion that failed.
            if (await FindAsync(sequence, cancellation) is null)
            {
                return false;
            }

            throw;
        }
    }

    /// <summary>Removes all messages on a subject.</summary>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async Task RemoveAllAsync(string subject, CancellationToken cancellation) =>
        await JetStream.PurgeStreamAsync(Subjects.DeadLetterStream, new StreamPurgeRequest { Filter = subject }, cancellation);

    // No message is older, and the server counts times from there.
    private static bool Bounds(DateTimeOffset? since) => since > DateTimeOffset.UnixEpoch;

    // It keeps nothing and is forgotten with its reader.
    private static ConsumerConfig ConfigurationOf(string subjects, ulong after, DateTimeOffset? since) => new()
    {
        Name = $"letters-{Guid.NewGuid():N}",
        FilterSubject = subjects,
        HeadersOnly = true,
        AckPolicy = ConsumerConfigAckPolicy.None,
        DeliverPolicy = after > 0 ? ConsumerConfigDeliverPolicy.ByStartSequence
            : Bounds(since) ? ConsumerConfigDeliverPolicy.ByStartTime
            : ConsumerConfigDeliverPolicy.All,
        OptStartSeq = after > 0 ? after + 1 : 0,
        OptStartTime = after == 0 && Bounds(since) ? since!.Value : default,
        InactiveThreshold = TimeSpan.FromSeconds(30),
        MemStorage = true,
        NumReplicas = 1,
    };

    private Letter LetterOf(INatsJSMsg<byte[]> message)
    {
        var metadata = message.Metadata!.Value;
        var size = message.Headers is not null && message.Headers.TryGetLastValue(SizeHeader, out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
        return new Letter(metadata.Sequence.Stream, ToMillisecond(metadata.Timestamp), message.Headers, null, size) { Secrets = options.Secrets };
    }

    // Deliveries tell it no finer.
    private static DateTimeOffset ToMillisecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    private async Task<Letter?> GetAsync(StreamMsgGetRequest request, CancellationToken cancellation)
    {
        var stream = await JetStream.GetStreamAsync(Subjects.DeadLetterStream, cancellationToken: cancellation);
        return await StreamMessage.FindAsync(stream, request, JetStream.Connection, cancellation) is { } stored
            ? new Letter(stored.Sequence, ToMillisecond(stored.Time), stored.Headers, stored.Body, stored.Body.Length) { Secrets = options.Secrets }
            : null;
    }
}
