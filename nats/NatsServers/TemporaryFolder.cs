namespace NatsServers;

/// <summary>A folder that goes away with the test, and with this process at the latest.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes it.</summary>
    /// <param name="parent">In which folder it is, for instance one on a disk of its own. Default: the system's for temporary files.</param>
    public TemporaryFolder(string? parent = null)
    {
        Path = parent is null
            ? Directory.CreateTempSubdirectory("test-").FullName
            : Directory.CreateDirectory(System.IO.Path.Combine(parent, $"test-{Guid.NewGuid():N}")).FullName;
        AtExit.Delete(Path);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The path of a file or folder in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Deletes it and everything in it.</summary>
    public void Dispose()
    {
        AtExit.Forget(Path);
        Directory.Delete(Path, recursive: true);
    }
}
