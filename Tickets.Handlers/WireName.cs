using System.Text.Json;

namespace Tickets.Handlers;

/// <summary>Enumeration values as they stand in JSON and in columns.</summary>
public static class WireName
{
    /// <summary>The wire name of a value.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The value of a wire name.</summary>
    public static T Parse<T>(string name)
        where T : struct, Enum => Enum.Parse<T>(name.Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true);
}
