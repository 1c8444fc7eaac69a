using JasperFx.CommandLine;
using NATS.NKeys;

namespace Tickets.Api.Diagnostics;

/// <summary>
/// <c>nkey FILE</c>: makes the key of a NATS user. The seed goes into a file that only its owner reads, the public key to the
/// output: that one is for the server's configuration.
/// </summary>
[Description("Make the NKey of a NATS user: the seed into a file, the public key to the output; for instance: nkey service.nk", Name = "nkey")]
public sealed class NKeyCommand : JasperFxAsyncCommand<NKeyInput>
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Says how it is called.</summary>
    public NKeyCommand() => Usage("Make a key").Arguments(x => x.File);

    /// <inheritdoc/>
    public override async Task<bool> Execute(NKeyInput input)
    {
        using var key = KeyPair.CreatePair(PrefixByte.User);
        try
        {
            await using var file = new FileStream(input.File, OptionsOf());
            await using var writer = new StreamWriter(file);
            await writer.WriteLineAsync(key.GetSeed());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"FAIL  {input.File}: {e.Message} Nothing was written over.");
            return false;
        }

        Console.WriteLine(key.GetPublicKey());
        return true;
    }

    private static FileStreamOptions OptionsOf()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
