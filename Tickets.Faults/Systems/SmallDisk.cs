using NatsServers;

namespace Tickets.Faults.Systems;

/// <summary>A disk of its own that can be filled (tmpfs). Needs the right to mount one (root).</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallDisk()
    {
    }

    /// <summary>Where it is mounted.</summary>
    public string Path => _folder.Path;

    private string Filler => _folder.File("filler");

    /// <summary>Makes one.</summary>
    /// <param name="megabytes">Its size in MiB.</param>
    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var disk = new SmallDisk();
        await ChildProcess.MustRunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0777", "tmpfs", disk.Path);
        return disk;
    }

    /// <summary>Leaves no room on it.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in new[] { 65_536, 4096 })
        {
            FillWith(file, new byte[size]);
        }
    }

    /// <summary>Makes the room again that <see cref="Fill"/> took.</summary>
    public void Free() => File.Delete(Filler);

    /// <summary>Takes it away, when those who use it have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await ChildProcess.MustRunAsync("umount", Path);
        _folder.Dispose();
    }

    private static void FillWith(FileStream file, byte[] block)
    {
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }
}
