using Tickets.Faults.Systems;

namespace Tickets.Faults.Matrix;

/// <summary>What happens to the network between the services and what they need.</summary>
internal static class PartitionFaults
{
    private const int ToNats = 0;
    private const int ToDatabase = 1;
    private static readonly RigPlan Apart = new() { HasNetwork = true };

    public static IEnumerable<Fault> All =>
    [
        .. Ways("services and NATS", ToNats, [StorageKind.Sqlite, StorageKind.PostgreSql]),
        .. Ways("services and database", ToDatabase, [StorageKind.PostgreSql]),
    ];

    private static IEnumerable<Fault> Ways(string between, int cable, IReadOnlyList<StorageKind> storages) =>
    [
        Cut($"{between} parted", cable, storages, c => c.CutAsync(), c => c.MendAsync()),
        Cut($"{between} parted, one way in", cable, storages, c => c.CutInwardAsync(), c => c.MendInwardAsync()),
        Cut($"{between} parted, one way out", cable, storages, c => c.CutOutwardAsync(), c => c.MendOutwardAsync()),
    ];

    private static Fault Cut(string name, int cable, IReadOnlyList<StorageKind> storages, Func<Cable, Task> cut, Func<Cable, Task> mend) => new(name, Apart, async run =>
    {
        var cables = run.Rig.Network!.Cables;
        await cut(cables[cable]);
        await run.LastAsync(3, 15);
        run.Healed();
        await mend(cables[cable]);
    })
    {
        Storages = storages,
    };
}
