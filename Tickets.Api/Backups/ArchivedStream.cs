namespace Tickets.Api.Backups;

/// <summary>A stream in an archive.</summary>
/// <param name="Name">The stream.</param>
/// <param name="Messages">How many messages it had.</param>
/// <param name="Bytes">Their size in bytes, which the snapshot compresses.</param>
/// <param name="FirstSequence">The sequence of the first.</param>
/// <param name="LastSequence">The sequence of the last.</param>
/// <param name="Image">What the server said of it: configuration and state.</param>
/// <param name="Snapshot">Its messages and consumers.</param>
public sealed record ArchivedStream(
    string Name, long Messages, long Bytes, long FirstSequence, long LastSequence, ArchivedFile Image, ArchivedFile Snapshot)
{
    /// <summary>The name of the file of <see cref="Image"/>.</summary>
    public static string ImageFile(string stream) => $"streams/{stream}.json";

    /// <summary>The name of the file of <see cref="Snapshot"/>.</summary>
    public static string SnapshotFile(string stream) => $"streams/{stream}.snapshot";
}
