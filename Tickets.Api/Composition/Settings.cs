using System.Globalization;

namespace Tickets.Api.Composition;

/// <summary>Environment variables, or what stands for them in a test.</summary>
/// <param name="read">Gives a variable's value; null or empty when it is not set.</param>
public sealed class Settings(Func<string, string?> read)
{
    /// <summary>Every secret that was read.</summary>
    public SecretMask Secrets { get; } = new();

    /// <summary>Every variable that was asked for.</summary>
    public HashSet<string> Known { get; } = new(StringComparer.Ordinal);

    /// <summary>A value; null when it is not set.</summary>
    public string? Optional(string key)
    {
        Known.Add(key);
        return read(key) is { Length: > 0 } value ? value : null;
    }

    /// <summary>A value, or what it is by default.</summary>
    public string Or(string key, string preset) => Optional(key) ?? preset;

    /// <summary>Whether something is asked for.</summary>
    /// <param name="key">The variable.</param>
    /// <param name="preset">What holds when it is not set. Default: not asked for.</param>
    /// <exception cref="ConfigurationException">It is neither <c>true</c> nor <c>false</c>.</exception>
    public bool Flag(string key, bool preset = false) => Optional(key) switch
    {
        null => preset,
        "true" => true,
        "false" => false,
        var value => throw new ConfigurationException(key, value, "write true or false"),
    };

    /// <summary>A whole number; null when it is not set.</summary>
    /// <param name="key">The variable.</param>
    /// <param name="least">The least that it may be.</param>
    /// <param name="most">The most that it may be.</param>
    /// <param name="remedy">What to write, for the fault.</param>
    /// <exception cref="ConfigurationException">It is none, or less or more than it may be.</exception>
    public int? Number(string key, int least, int most, string remedy) => Optional(key) is not { } value ? null
        : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new ConfigurationException(key, value, remedy);

    /// <summary>A secret, from its variable or from the file that the variable <c>{key}_FILE</c> names. Nothing prints it from then on.</summary>
    /// <exception cref="ConfigurationException">The file can't be read.</exception>
    public string? Secret(string key)
    {
        var secret = Text(key);
        if (secret is not null && key.EndsWith("_URL", StringComparison.Ordinal))
        {
            Secrets.AddAddresses(secret);
        }
        else if (secret is not null)
        {
            Secrets.Add(secret);
        }

        return secret;
    }

    /// <summary>A value, from its variable or from the file that the variable <c>{key}_FILE</c> names.</summary>
    /// <exception cref="ConfigurationException">The file can't be read.</exception>
    public string? Text(string key)
    {
        if (Optional(key) is { } value)
        {
            return value;
        }

        var fileKey = $"{key}_FILE";
        if (Optional(fileKey) is not { } file)
        {
            return null;
        }

        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } text
                ? text
                : throw new ConfigurationException(fileKey, file, "write the path of a file that is not empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(fileKey, file, $"write the path of a file that can be read ({e.Message})");
        }
    }
}
