using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Backups;

/// <summary>
/// Gathers the files of an archive in a folder beside it, and makes it of them. Until it is whole it has the name that ends with
/// <c>.part</c>; whatever it is called, it is its owner's alone.
/// </summary>
internal sealed class ArchiveWriter : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly string _part;
    private readonly string _folder;

    /// <param name="path">The archive.</param>
    /// <exception cref="BackupException">There is a file of that name, or what another backup to it has begun.</exception>
    public ArchiveWriter(string path)
    {
        _path = Path.GetFullPath(path);
        (_part, _folder) = ($"{_path}.part", $"{_path}.files");
        if (Path.Exists(_path))
        {
            throw new BackupException($"{path} is there already; remove it, or choose another name");
        }

        if (Array.Find([_part, _folder], Path.Exists) is { } begun)
        {
            throw new BackupException($"{begun} is there already: another backup to this file runs, or was killed; remove it, or choose another name");
        }

        Make(_folder);
        Make(Path.Combine(_folder, "streams"));
    }

    /// <summary>Where a file is gathered.</summary>
    /// <param name="name">Its name in the archive.</param>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Makes the archive.</summary>
    /// <returns>Its size in bytes.</returns>
    public async Task<long> CompleteAsync(BackupManifest manifest, CancellationToken cancellation)
    {
        var json = manifest.ToJson();
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        long size;
        await using (var archive = new FileStream(_part, options))
        {
            await using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
            {
                await AddAsync(tar, BackupManifest.FileName, manifest.CreatedAt, new MemoryStream(json), cancellation);
                var hash = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json)));
                await AddAsync(tar, BackupManifest.HashFileName, manifest.CreatedAt, new MemoryStream(hash), cancellation);
                foreach (var file in manifest.Files())
                {
                    await AddAsync(tar, file.File, manifest.CreatedAt, File.OpenRead(PathOf(file.File)), cancellation);
                }
            }

            RandomAccess.FlushToDisk(archive.SafeFileHandle);
            size = archive.Length;
        }

        File.Move(_part, _path, overwrite: false);
        return size;
    }

    /// <summary>Removes what is not the archive.</summary>
    public void Dispose()
    {
        File.Delete(_part);
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static async Task AddAsync(TarWriter tar, string name, DateTimeOffset time, Stream content, CancellationToken cancellation)
    {
        await using (content)
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = OwnerOnly, ModificationTime = time }, cancellation);
        }
    }

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }
}
