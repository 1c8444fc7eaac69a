namespace Tickets.Api.Routes;

/// <summary>A request for which its credential is not good.</summary>
/// <param name="code">The problem's code.</param>
/// <param name="message">Why, in a sentence.</param>
public sealed class ForbiddenException(string code, string message) : Exception(message)
{
    /// <summary>The problem's code.</summary>
    public string Code { get; } = code;
}
