using System.Text.Json;
using JasperFx.CommandLine;
using Tickets.Api.CommandLine;
using Tickets.Contracts;

namespace Tickets.Api.Sending;

/// <summary>What <c>send</c> is to publish.</summary>
public sealed class SendInput : OperatorInput
{
    private const int LongestWait = 3600;
    private const int LongestId = 255;

    /// <summary>Whose command it is.</summary>
    [Description("the tenant")]
    public string Tenant { get; set; } = string.Empty;

    /// <summary>What it does.</summary>
    [Description("create, update, comment or delete")]
    public string Verb { get; set; } = string.Empty;

    /// <summary>Its body.</summary>
    [Description("the command as JSON; - reads it from the input")]
    public string Body { get; set; } = string.Empty;

    /// <summary>Its identity for good. Default: a new one.</summary>
    [Description("the command's identity for good: sent twice, it takes effect once")]
    public string? IdFlag { get; set; }

    /// <summary>Who acts. Default: the user who runs this, if a header can hold that name.</summary>
    [Description("who acts (the user who runs this)")]
    public string? ActorFlag { get; set; } = CommandHeaders.IsActor(Environment.UserName) ? Environment.UserName : null;

    /// <summary>For how long the outcome is waited for. Default 10 s; 0 for not at all.</summary>
    [Description("seconds to wait for the outcome (10); 0 ends when the command is stored")]
    public int WaitFlag { get; set; } = 10;

    /// <inheritdoc/>
    public override string? Fault() =>
        !TenantName.IsValid(Tenant) ? $"the tenant is {TenantName.Rule}"
        : !WireNames.Verbs.Values.Contains(Verb) ? $"the verb is one of {string.Join(", ", WireNames.Verbs.Values)}"
        : IdFlag is not null && !CommandHeaders.IsPrintable(IdFlag, LongestId) ? $"--id is 1 to {LongestId} printable ASCII characters"
        : ActorFlag is not null && !CommandHeaders.IsActor(ActorFlag) ? $"--actor is 1 to {CommandHeaders.LongestActor} printable ASCII characters"
        : WaitFlag is < 0 or > LongestWait ? $"--wait is 0 to {LongestWait} seconds"
        : null;

    /// <summary>The body's text.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public async Task<string> ReadBodyAsync()
    {
        var body = Body == "-" ? await Console.In.ReadToEndAsync() : Body;
        using var json = JsonDocument.Parse(body);
        return body;
    }
}
