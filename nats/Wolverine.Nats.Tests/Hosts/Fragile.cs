namespace Wolverine.Nats.Tests.Hosts;

/// <summary>Something whose handling fails at first.</summary>
/// <param name="Id">Tells the messages of one test from those of another.</param>
/// <param name="Failures">How often.</param>
public sealed record Fragile(Guid Id, int Failures)
{
    public static Fragile New(int failures) => new(Guid.NewGuid(), failures);
}
