namespace Tickets.Tests.Fixtures;

/// <summary>Tests that share one cluster of the shipped production files. One after another: they look at what its nodes log.</summary>
[CollectionDefinition(Name)]
public sealed class InProduction : ICollectionFixture<ProductionCluster>
{
    public const string Name = "In production";
}
