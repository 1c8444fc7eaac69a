namespace Wolverine.Nats.Tests.Hosts;

/// <summary>Something to handle.</summary>
/// <param name="Id">Tells the messages of one test from those of another.</param>
/// <param name="Milliseconds">How long handling it takes.</param>
public sealed record Order(Guid Id, int Milliseconds = 0)
{
    public static Order New(int milliseconds = 0) => new(Guid.NewGuid(), milliseconds);
}
