using Wolverine.Nats.Configuration;

namespace Wolverine.Nats.Tests.Conformance;

public sealed class CoreInline : Pair
{
    protected override NatsSubscriberConfiguration SendBy(NatsSubscriberConfiguration sender) => sender.SendInline();

    protected override NatsListenerConfiguration ListenBy(NatsListenerConfiguration listener) => listener.ProcessInline();
}

public sealed class CoreBuffered : Pair
{
    protected override NatsSubscriberConfiguration SendBy(NatsSubscriberConfiguration sender) => sender.BufferedInMemory();

    protected override NatsListenerConfiguration ListenBy(NatsListenerConfiguration listener) => listener.BufferedInMemory();
}

/// <summary>The modes that keep messages in a stream, with a dead-letter subject.</summary>
public abstract class OnJetStream : Pair
{
    public const string DeadLetterStream = "CONFORMANCE_DLQ";

    protected override void Declare(NatsTransportExpression nats) => nats.DefineWorkQueueStream(Stream, "conformance.>");

    protected override NatsListenerConfiguration ListenBy(NatsListenerConfiguration listener) =>
        ProcessBy(listener.UseJetStream(Stream)).DeadLetterTo("dead.conformance");

    protected abstract NatsListenerConfiguration ProcessBy(NatsListenerConfiguration listener);
}

public sealed class JetStreamNativeAcks : OnJetStream
{
    protected override NatsSubscriberConfiguration SendBy(NatsSubscriberConfiguration sender) => sender.SendInline();

    protected override NatsListenerConfiguration ProcessBy(NatsListenerConfiguration listener) => listener;
}

public sealed class JetStreamInline : OnJetStream
{
    protected override NatsSubscriberConfiguration SendBy(NatsSubscriberConfiguration sender) => sender.SendInline();

    protected override NatsListenerConfiguration ProcessBy(NatsListenerConfiguration listener) => listener.ProcessInline();
}

public sealed class JetStreamBuffered : OnJetStream
{
    protected override NatsSubscriberConfiguration SendBy(NatsSubscriberConfiguration sender) => sender.BufferedInMemory();

    protected override NatsListenerConfiguration ProcessBy(NatsListenerConfiguration listener) => listener.BufferedInMemory();
}
