using System.Formats.Tar;

namespace Tickets.Api.Backups.Snapshots;

/// <summary>
/// Reads a snapshot through. A server of 2.9 that can't read a block of messages, for instance because they were all acknowledged
/// meanwhile, notes that within the snapshot and ends it there as if all were well; a restoration would not mind.
/// </summary>
internal static class SnapshotCheck
{
    private const string ErrorFile = "errors.txt";
    private const string ConfigurationFile = "meta.inf";
    private const int MagicLength = 8;

    // Servers later than 2.12 may write another format, and they do say when a snapshot has failed.
    private static readonly byte[] LaterFormat = "NATSARC1"u8.ToArray();

    /// <summary>Returns what is wrong with it; null when it is whole.</summary>
    /// <param name="file">The snapshot.</param>
    /// <param name="hasMessages">Whether the stream had messages.</param>
    public static async Task<string?> FaultAsync(string file, bool hasMessages)
    {
        try
        {
            return await IsLaterFormatAsync(file) ? await DecompressAsync(file) : await FaultInTarAsync(file, hasMessages);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            return e.Message;
        }
    }

    private static async Task<bool> IsLaterFormatAsync(string file)
    {
        await using var content = new S2Stream(File.OpenRead(file));
        var magic = new byte[MagicLength];
        await content.ReadExactlyAsync(magic);
        return magic.AsSpan().SequenceEqual(LaterFormat);
    }

    private static async Task<string?> DecompressAsync(string file)
    {
        await using var content = new S2Stream(File.OpenRead(file));
        await content.CopyToAsync(Stream.Null);
        return null;
    }

    private static async Task<string?> FaultInTarAsync(string file, bool hasMessages)
    {
        await using var content = new S2Stream(File.OpenRead(file));
        await using var tar = new TarReader(content);
        var (blocks, isConfigured) = (0, false);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name == ErrorFile)
            {
                using var text = new StreamReader(entry.DataStream ?? Stream.Null);
                return await text.ReadToEndAsync();
            }

            isConfigured |= entry.Name == ConfigurationFile;
            blocks += entry.Name.EndsWith(".blk", StringComparison.Ordinal) ? 1 : 0;
        }

        return !isConfigured ? "it has no configuration" : hasMessages && blocks == 0 ? "it has no messages" : null;
    }
}
