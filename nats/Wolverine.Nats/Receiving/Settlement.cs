using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Wolverine.Nats.Diagnostics;
using Wolverine.Nats.Provisioning;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Tells the server what became of deliveries. A settlement that does not reach it means a redelivery, which is
/// harmless; thrown into Wolverine it would dead-letter work that is done.
/// </summary>
internal sealed partial class Settlement(ConsumerDeclaration consumer, ILogger logger)
{
    public ValueTask AckAsync(INatsJSMsg<byte[]> delivery) => TellAsync("ack", delivery, static (d, _) => d.AckAsync(), default);

    public ValueTask TerminateAsync(INatsJSMsg<byte[]> delivery) =>
        TellAsync("term", delivery, static (d, _) => d.AckTerminateAsync(), default);

    /// <param name="envelope">A delivery that is settled by this. A renewal that came behind would have it wait for a lease, and not for the delay.</param>
    /// <param name="delay">When it comes again at the earliest.</param>
    public async ValueTask NakAsync(NatsEnvelope envelope, TimeSpan delay)
    {
        await envelope.RenewedAsync();
        await NakAsync(envelope.Delivery, delay);
    }

    public ValueTask NakAsync(INatsJSMsg<byte[]> delivery, TimeSpan delay) => TellAsync(
        "nak",
        delivery,
        static (d, pause) => d.NakAsync(pause > TimeSpan.Zero ? new AckOpts { NakDelay = pause } : default),
        delay);

    /// <returns>Whether it is on its way to the server.</returns>
    public async Task<bool> TryRenewAsync(INatsJSMsg<byte[]> delivery)
    {
        try
        {
            await delivery.AckProgressAsync();
            return true;
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException or ObjectDisposedException)
        {
            LogNotRenewed(logger, e, consumer.Name);
            return false;
        }
    }

    private async ValueTask TellAsync(
        string name, INatsJSMsg<byte[]> delivery, Func<INatsJSMsg<byte[]>, TimeSpan, ValueTask> tell, TimeSpan delay)
    {
        using var operation = NatsInstrumentation.StartSettle(name, delivery.Subject, consumer.Stream);
        try
        {
            await tell(delivery, delay);
            operation.Succeed();
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException or ObjectDisposedException)
        {
            operation.Fail(e);
            LogNotSettled(logger, e, name, consumer.Name);
        }
    }

    [LoggerMessage(4013, LogLevel.Debug, "The renewal of a lease through {Consumer} did not reach the server; it is tried again while the lease lasts")]
    private static partial void LogNotRenewed(ILogger logger, Exception exception, string consumer);

    [LoggerMessage(4012, LogLevel.Debug, "The {Settlement} through {Consumer} did not reach the server; the message will be delivered again")]
    private static partial void LogNotSettled(ILogger logger, Exception exception, string settlement, string consumer);
}
