using NATS.Client.Core;
using Wolverine.Nats.Connection;

namespace Wolverine.Nats.Sending;

/// <summary>Publishes messages together, those again that nobody hears while a leader is elected, and notes what became of each.</summary>
/// <param name="connection">Over which.</param>
/// <param name="inbox">Where their acks are heard.</param>
/// <param name="refusals">What the server has forbidden.</param>
/// <param name="publications">The messages.</param>
/// <param name="stream">The stream that must take them; null when any may.</param>
internal sealed class PublishAttempts(
    NatsConnection connection, AckInbox inbox, PermissionRefusals refusals, IReadOnlyList<Publication> publications, string? stream)
{
    // While its leader is elected, a stream does not listen.
    private const int Tries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public PublishOutcome[] Outcomes { get; } = new PublishOutcome[publications.Count];

    public async Task RunAsync(CancellationToken cancellation)
    {
        List<int> left = [.. Enumerable.Range(0, publications.Count)];
        for (var attempt = 1; left.Count > 0; attempt++)
        {
            using var batch = await OpenAsync(left, cancellation);
            if (batch is null)
            {
                return;
            }

            await SendAsync(left, batch);
            left = Unheard(left, await batch.WaitAsync(connection.Opts.RequestTimeout, cancellation), attempt);
            if (left.Count > 0)
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    // Where no ack could be heard nothing is published, and all of it may be later.
    private async Task<AckBatch?> OpenAsync(List<int> places, CancellationToken cancellation)
    {
        try
        {
            return await inbox.OpenAsync(places.Count, cancellation);
        }
        catch (Exception e) when (MayPass(e) && !cancellation.IsCancellationRequested)
        {
            places.ForEach(place => Outcomes[place] = Unknown(publications[place].Subject, e));
            return null;
        }
    }

    private async Task SendAsync(List<int> places, AckBatch batch)
    {
        Exception? broken = null;
        for (var i = 0; i < places.Count; i++)
        {
            var (subject, data, headers, _) = publications[places[i]];
            var fault = broken;
            try
            {
                if (broken is null)
                {
                    await connection.PublishAsync(subject, data, headers, batch.ReplyTo(i), NatsRawSerializer<ReadOnlyMemory<byte>>.Default);
                    continue;
                }
            }
            catch (NatsPayloadTooLargeException e)
            {
                Outcomes[places[i]] = new PublishOutcome(false, PublishRefusedException.TooLarge(subject, stream, e.Message));
                batch.GiveUp();
                continue;
            }
            catch (Exception e) when (MayPass(e))
            {
                // When the connection fails, so will all that come after. What fails on an open one may be the message's own fault.
                fault = e;
                broken = e is NatsException && connection.ConnectionState == NatsConnectionState.Open ? null : e;
            }

            Outcomes[places[i]] = Unknown(subject, fault);
            batch.GiveUp();
        }
    }

    /// <returns>The places of those that are to be published again.</returns>
    private List<int> Unheard(List<int> places, PublishAck[] acks, int attempt)
    {
        List<int> unheard = [];
        for (var i = 0; i < acks.Length; i++)
        {
            if (acks[i].Kind == PublishAck.Answer.NoResponders && attempt < Tries)
            {
                unheard.Add(places[i]);
            }
            else if (Outcomes[places[i]].Fault is null)
            {
                Outcomes[places[i]] = OutcomeOf(publications[places[i]].Subject, acks[i]);
            }
        }

        return unheard;
    }

    private PublishOutcome OutcomeOf(string subject, PublishAck ack) => ack.Kind switch
    {
        PublishAck.Answer.Stored => default,
        PublishAck.Answer.Duplicate => new PublishOutcome(true, null),
        PublishAck.Answer.Refused => new PublishOutcome(
            false, PublishRefusedException.ByServer(subject, stream, ack.ErrorCode, ack.Description ?? "no description")),
        _ => Unknown(subject, fault: null),
    };

    private PublishOutcome Unknown(string subject, Exception? fault) =>
        new(false, new PublishUnknownException(subject, stream, refusals.Publishing(subject), fault));

    private static bool MayPass(Exception e) => e is NatsException or TimeoutException or OperationCanceledException or ObjectDisposedException;
}
