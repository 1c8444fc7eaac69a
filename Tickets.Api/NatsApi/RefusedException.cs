namespace Tickets.Api.NatsApi;

/// <summary>A request over NATS that can't be used.</summary>
/// <param name="code">The problem's code.</param>
/// <param name="field">The field, header or token.</param>
/// <param name="message">What it must be, to be read after its name.</param>
internal sealed class RefusedException(string code, string field, string message) : Exception(message)
{
    public string Code { get; } = code;

    public string Field { get; } = field;
}
