using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Wolverine.Nats.Configuration;

namespace Wolverine.Nats.Provisioning;

/// <summary>Creates durable consumers, updates what the server allows to change, and reads the result back.</summary>
internal sealed class ConsumerProvisioner(INatsJSContext jetStream)
{
    private const int ConsumerNotFound = 10014;
    private const int StreamNotFound = 10059;

    public async Task<INatsJSConsumer> ProvisionAsync(
        string stream, ConsumerConfiguration consumer, string filter, CancellationToken cancellation)
    {
        if (await DifferencesAsync(stream, consumer, filter, cancellation) is { Count: > 0 })
        {
            await jetStream.CreateOrUpdateConsumerAsync(stream, consumer.ToConsumerConfig(filter), cancellation);
            if (await DifferencesAsync(stream, consumer, filter, cancellation) is { Count: > 0 } left)
            {
                throw new TopologyMismatchException($"{stream}/{consumer.Name}", left);
            }
        }

        return await jetStream.GetConsumerAsync(stream, consumer.Name, cancellation);
    }

    public async Task<IReadOnlyList<string>> DifferencesAsync(
        string stream, ConsumerConfiguration consumer, string filter, CancellationToken cancellation)
    {
        try
        {
            var found = await jetStream.GetConsumerAsync(stream, consumer.Name, cancellation);
            return [.. Compare(consumer.ToConsumerConfig(filter), found.Info.Config)];
        }
        catch (NatsJSApiException e) when (e.Error.ErrCode is ConsumerNotFound or StreamNotFound)
        {
            return ["it does not exist"];
        }
    }

    public async Task DeleteAsync(string stream, string consumer, CancellationToken cancellation)
    {
        try
        {
            await jetStream.DeleteConsumerAsync(stream, consumer, cancellation);
        }
        catch (NatsJSApiException e) when (e.Error.ErrCode is ConsumerNotFound or StreamNotFound)
        {
            // Deleting what is not there is what was asked for.
        }
    }

    private static IEnumerable<string> Compare(ConsumerConfig declared, ConsumerConfig found) =>
    [
        .. Difference.Of("filter subject", declared.FilterSubject, found.FilterSubject),
        .. Difference.Of("ack policy", declared.AckPolicy, found.AckPolicy),
        .. Difference.Of("ack wait", declared.AckWait, found.AckWait),
        .. Difference.Of("max ack pending", declared.MaxAckPending, found.MaxAckPending),
        .. Difference.Of("max deliver", declared.MaxDeliver, found.MaxDeliver),
        .. Difference.Of("deliver policy", declared.DeliverPolicy, found.DeliverPolicy),
    ];
}
