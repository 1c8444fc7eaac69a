namespace Wolverine.Nats.Tests.Conformance;

public sealed class TroubleException(Trouble trouble) : Exception($"trouble: {trouble}")
{
    public Trouble Trouble { get; } = trouble;
}
