namespace Tickets.Api.Routes;

/// <summary>A request whose header can't be used.</summary>
/// <param name="header">The header.</param>
/// <param name="code">The problem's code.</param>
/// <param name="message">What it must be, to be read after its name.</param>
public sealed class InvalidHeaderException(string header, string code, string message) : Exception(message)
{
    /// <summary>The header.</summary>
    public string Header { get; } = header;

    /// <summary>The problem's code.</summary>
    public string Code { get; } = code;
}
