using Tickets.Tests.Faults;
using Tickets.Tests.Monitoring;
using Tickets.Tests.Security;
using Tickets.Tests.Service;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Tickets.Tests.Fixtures.LongestFirst))]

namespace Tickets.Tests.Fixtures;

/// <summary>Begins with the classes that take minutes: begun last, they would leave the machine idle beside them.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly Type[] Longest =
    [
        typeof(FaultMatrixOnPostgreSql), typeof(FaultMatrixOnSqlite), typeof(Canaries), typeof(LongOutages), typeof(JetStreamAlerts), typeof(NatsLogins),
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(collection => Array.Exists(Longest, type => collection.TestCollectionDisplayName.Contains(type.FullName!, StringComparison.Ordinal)))];
}
