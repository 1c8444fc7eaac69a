namespace Tickets.Api.Composition;

/// <summary>A setting that the service can't start with.</summary>
/// <param name="key">The environment variable.</param>
/// <param name="value">Its value.</param>
/// <param name="remedy">What it must be.</param>
public sealed class ConfigurationException(string key, string value, string remedy)
    : Exception($"{key} is '{value}': {remedy}.");
