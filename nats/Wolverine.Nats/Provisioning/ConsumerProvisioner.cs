using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Wolverine.Nats.Provisioning;

/// <summary>Creates durable consumers, updates what the server allows to change, and reads the result back.</summary>
internal sealed class ConsumerProvisioner(INatsJSContext jetStream)
{
    /// <param name="consumer">As it should be.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="position">Where it was, for one that is made again.</param>
    /// <exception cref="TopologyMismatchException">The server keeps another configuration.</exception>
    public async Task<INatsJSConsumer> ProvisionAsync(ConsumerDeclaration consumer, CancellationToken cancellation, ConsumerPosition? position = null)
    {
        var found = await FindAsync(consumer, cancellation);
        if (found is not null && consumer.DifferencesFrom(found.Info.Config).FirstOrDefault() is null)
        {
            return found;
        }

        var next = found is null && position is not null
            ? position.NextIn((await jetStream.GetStreamAsync(consumer.Stream, cancellationToken: cancellation)).Info)
            : null;
        var made = await CreateOrUpdateAsync(consumer, found?.Info.Config, next, cancellation);
        if (consumer.DifferencesFrom(made.Info.Config).Any())
        {
            // A server that has been restarted answers its first update with what was before.
            made = await jetStream.GetConsumerAsync(consumer.Stream, consumer.Name, cancellation);
        }

        return consumer.DifferencesFrom(made.Info.Config).ToArray() is { Length: > 0 } left
            ? throw new TopologyMismatchException($"{consumer.Stream}/{consumer.Name}", left)
            : made;
    }

    /// <summary>The consumer as it is, made by somebody else.</summary>
    /// <exception cref="TopologyMismatchException">It does not exist, or can't be listened to as declared.</exception>
    public async Task<INatsJSConsumer> RequireAsync(ConsumerDeclaration consumer, CancellationToken cancellation) =>
        await DifferencesAsync(consumer, cancellation) is { Count: > 0 } differences
            ? throw new TopologyMismatchException($"{consumer.Stream}/{consumer.Name}", differences)
            : await jetStream.GetConsumerAsync(consumer.Stream, consumer.Name, cancellation);

    public async Task<IReadOnlyList<string>> DifferencesAsync(ConsumerDeclaration consumer, CancellationToken cancellation) =>
        await FindAsync(consumer, cancellation) is { } found
            ? [.. consumer.DifferencesFrom(found.Info.Config)]
            : ["it does not exist"];

    public async Task DeleteAsync(string stream, string consumer, CancellationToken cancellation)
    {
        try
        {
            await jetStream.DeleteConsumerAsync(stream, consumer, cancellation);
        }
        catch (NatsJSApiException e) when (e.Error.ErrCode is ApiErrors.ConsumerNotFound or ApiErrors.StreamNotFound)
        {
            // Deleting what is not there is what was asked for.
        }
    }

    private async Task<INatsJSConsumer> CreateOrUpdateAsync(
        ConsumerDeclaration consumer, ConsumerConfig? existing, ulong? next, CancellationToken cancellation)
    {
        try
        {
            return await jetStream.CreateOrUpdateConsumerAsync(consumer.Stream, consumer.ToConsumerConfig(existing, next), cancellation);
        }
        catch (NatsJSApiException e) when (ApiErrors.IsMisfit(e.Error))
        {
            var differences = existing is null ? [] : consumer.DifferencesFrom(existing);
            throw new TopologyMismatchException($"{consumer.Stream}/{consumer.Name}", [.. differences, $"the server says: {e.Error.Description}"]);
        }
    }

    private async Task<INatsJSConsumer?> FindAsync(ConsumerDeclaration consumer, CancellationToken cancellation)
    {
        try
        {
            return await jetStream.GetConsumerAsync(consumer.Stream, consumer.Name, cancellation);
        }
        catch (NatsJSApiException e) when (e.Error.ErrCode is ApiErrors.ConsumerNotFound or ApiErrors.StreamNotFound)
        {
            return null;
        }
    }
}
