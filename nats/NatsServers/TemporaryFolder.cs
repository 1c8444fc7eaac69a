namespace NatsServers;

/// <summary>A folder that goes away with the test.</summary>
/// <param name="parent">In which folder it is, for instance one on a disk of its own. Default: the system's for temporary files.</param>
public sealed class TemporaryFolder(string? parent = null) : IDisposable
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = parent is null
        ? Directory.CreateTempSubdirectory("test-").FullName
        : Directory.CreateDirectory(System.IO.Path.Combine(parent, $"test-{Guid.NewGuid():N}")).FullName;

    /// <summary>The path of a file or folder in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Deletes it and everything in it.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
