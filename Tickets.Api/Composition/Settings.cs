namespace Tickets.Api.Composition;

/// <summary>Environment variables, or what stands for them in a test.</summary>
/// <param name="read">Gives a variable's value; null or empty when it is not set.</param>
public sealed class Settings(Func<string, string?> read)
{
    /// <summary>A value; null when it is not set.</summary>
    public string? Optional(string key) => read(key) is { Length: > 0 } value ? value : null;

    /// <summary>A value, or what it is by default.</summary>
    public string Or(string key, string preset) => Optional(key) ?? preset;

    /// <summary>A secret, from its variable or from the file that the variable <c>{key}_FILE</c> names.</summary>
    /// <exception cref="ConfigurationException">The file can't be read.</exception>
    public string? Secret(string key)
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
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(fileKey, file, $"write the path of a file that can be read ({e.Message})");
        }
    }
}
