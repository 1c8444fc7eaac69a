namespace Wolverine.Nats.Configuration;

/// <summary>Continues the configuration of the NATS transport.</summary>
public sealed class NatsTransportExpression
{
    private readonly NatsTransport _transport;

    internal NatsTransportExpression(NatsTransport transport) => _transport = transport;

    /// <summary>Creates or updates declared streams and consumers at start.</summary>
    public NatsTransportExpression AutoProvision()
    {
        _transport.AutoProvision = true;
        return this;
    }

    /// <summary>Declares a stream.</summary>
    public NatsTransportExpression DefineStream(StreamConfiguration stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        foreach (var subject in stream.Subjects)
        {
            NatsSubject.Filter(subject);
        }

        _transport.Configuration.Streams.Add(stream);
        return this;
    }
}
