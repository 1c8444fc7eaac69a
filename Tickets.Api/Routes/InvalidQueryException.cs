namespace Tickets.Api.Routes;

/// <summary>A request whose query can't be used.</summary>
/// <param name="parameter">The parameter.</param>
/// <param name="message">What it must be, to be read after its name.</param>
public sealed class InvalidQueryException(string parameter, string message) : Exception(message)
{
    /// <summary>The parameter.</summary>
    public string Parameter { get; } = parameter;
}
