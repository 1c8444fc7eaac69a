namespace Wolverine.Nats.Tests.Hosts;

/// <summary>Something of which several are handled at once.</summary>
/// <param name="Party">Tells the guests of one test from those of another.</param>
/// <param name="Company">None leaves before so many have been there together.</param>
public sealed record Guest(Guid Party, int Company);
