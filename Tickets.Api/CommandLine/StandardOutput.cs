using System.Text;
using Microsoft.Win32.SafeHandles;
using Tickets.Api.Composition;

namespace Tickets.Api.CommandLine;

/// <summary>Standard output as it is. The console's own stream passes over that whoever reads it has left.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    /// <summary>Opens it; what is written there throws an <see cref="IOException"/> when nobody reads it any more.</summary>
    public static TextWriter Open(SecretMask mask) => OperatingSystem.IsWindows() ? Console.Out : new MaskedWriter(
        new StreamWriter(new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0), new UTF8Encoding(false)) { AutoFlush = true },
        mask);
}
