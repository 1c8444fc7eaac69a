namespace Tickets.Tests.Fixtures;

/// <summary>Tests that need the whole machine: they run one after another, when all others have ended.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
