namespace Wolverine.Nats.Tests.Conformance;

public sealed class CoreInlineTests(CoreInline pair) : TransportConformance(pair), IClassFixture<CoreInline>;

public sealed class CoreBufferedTests(CoreBuffered pair) : TransportConformance(pair), IClassFixture<CoreBuffered>;

public sealed class JetStreamNativeAcksTests(JetStreamNativeAcks pair) : AtLeastOnceConformance(pair), IClassFixture<JetStreamNativeAcks>;

public sealed class JetStreamInlineTests(JetStreamInline pair) : AtLeastOnceConformance(pair), IClassFixture<JetStreamInline>;

public sealed class JetStreamBufferedTests(JetStreamBuffered pair) : JetStreamConformance(pair), IClassFixture<JetStreamBuffered>;

public sealed class JetStreamDurableTests(JetStreamDurable pair) : AtLeastOnceConformance(pair), IClassFixture<JetStreamDurable>;
