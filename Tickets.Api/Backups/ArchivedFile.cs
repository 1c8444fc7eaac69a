using System.Security.Cryptography;

namespace Tickets.Api.Backups;

/// <summary>A file of an archive, as its manifest names it.</summary>
/// <param name="File">Its name in the archive.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Sha256">The hash of its bytes, in lower-case hexadecimal.</param>
public sealed record ArchivedFile(string File, long Size, string Sha256)
{
    /// <summary>Measures a file that is to be archived.</summary>
    /// <param name="name">Its name in the archive.</param>
    /// <param name="path">Where it is.</param>
    public static async Task<ArchivedFile> OfAsync(string name, string path)
    {
        await using var content = System.IO.File.OpenRead(path);
        return new ArchivedFile(name, content.Length, await HashOfAsync(content));
    }

    /// <summary>The hash of what a stream still has.</summary>
    public static async Task<string> HashOfAsync(Stream content) => Convert.ToHexStringLower(await SHA256.HashDataAsync(content));
}
