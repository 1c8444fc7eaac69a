namespace Wolverine.Nats.Tests.Conformance;

public sealed class CoreInlineTests(CoreInline pair) : TransportConformance(pair), IClassFixture<CoreInline>;

public sealed class CoreBufferedTests(CoreBuffered pair) : TransportConformance(pair), IClassFixture<CoreBuffered>;

public sealed class JetStreamNativeAcksTests(JetStreamNativeAcks pair) : JetStreamConformance(pair), IClassFixture<JetStreamNativeAcks>;

public sealed class JetStreamInlineTests(JetStreamInline pair) : JetStreamConformance(pair), IClassFixture<JetStreamInline>;

public sealed class JetStreamBufferedTests(JetStreamBuffered pair) : JetStreamConformance(pair), IClassFixture<JetStreamBuffered>;

public sealed class JetStreamDurableTests(JetStreamDurable pair) : JetStreamConformance(pair), IClassFixture<JetStreamDurable>;
