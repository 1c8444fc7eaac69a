using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Backups;

/// <summary>Reads an archive: all of it is verified first, then its files are read where they are. None is unpacked by its name.</summary>
/// <param name="path">The archive.</param>
internal sealed class ArchiveReader(string path)
{
    private const int LargestManifest = 1024 * 1024;

    /// <summary>Reads all of it, and finds every file whole, none missing and none too many.</summary>
    /// <exception cref="BackupException">It is damaged; the message names the file.</exception>
    public async Task<BackupManifest> VerifyAsync()
    {
        var last = "its begin";
        try
        {
            await using var tar = Open();
            var manifest = await ReadManifestAsync(tar);
            last = BackupManifest.HashFileName;
            var left = manifest.Files().ToDictionary(file => file.File);
            while (await tar.GetNextEntryAsync() is { } entry)
            {
                await CheckAsync(entry, left);
                last = entry.Name;
            }

            return left.Count == 0 ? manifest : throw Damaged($"{left.Keys.First()} is missing");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            throw Damaged($"what comes after {last} can't be read", e);
        }
    }

    /// <summary>Hands a file of it to somebody who reads it.</summary>
    public async Task<T> ReadAsync<T>(ArchivedFile file, Func<Stream, Task<T>> read)
    {
        await using var tar = Open();
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name == file.File)
            {
                return await read(entry.DataStream!);
            }
        }

        throw Damaged($"{file.File} is missing");
    }

    private TarReader Open() => new(File.OpenRead(path));

    private async Task<BackupManifest> ReadManifestAsync(TarReader tar)
    {
        var json = await ReadSmallAsync(tar, BackupManifest.FileName);
        var hash = await ReadSmallAsync(tar, BackupManifest.HashFileName);
        if (Encoding.ASCII.GetString(hash) != Convert.ToHexStringLower(SHA256.HashData(json)))
        {
            throw Damaged($"{BackupManifest.FileName} and {BackupManifest.HashFileName} don't fit each other");
        }

        return BackupManifest.Read(json);
    }

    private async Task<byte[]> ReadSmallAsync(TarReader tar, string name)
    {
        if (await tar.GetNextEntryAsync() is not { DataStream: { Length: <= LargestManifest } content } entry || entry.Name != name)
        {
            throw Damaged($"{name} is not where a backup has it; it may be another program's file");
        }

        var bytes = new byte[content.Length];
        await content.ReadExactlyAsync(bytes);
        return bytes;
    }

    private async Task CheckAsync(TarEntry entry, Dictionary<string, ArchivedFile> left)
    {
        if (entry is not { EntryType: TarEntryType.RegularFile, DataStream: { } content } || !left.Remove(entry.Name, out var expected))
        {
            throw Damaged($"{CommandLine.Terminal.Plain(entry.Name)} does not belong into it");
        }

        if (content.Length != expected.Size || await ArchivedFile.HashOfAsync(content) != expected.Sha256)
        {
            throw Damaged($"{entry.Name} is not what the manifest says");
        }
    }

    private BackupException Damaged(string what, Exception? inner = null) => new($"{path} is damaged: {what}; nothing was changed", inner);
}
