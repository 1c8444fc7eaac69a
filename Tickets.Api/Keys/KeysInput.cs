using JasperFx.CommandLine;
using Tickets.Api.Access;
using Tickets.Api.CommandLine;

namespace Tickets.Api.Keys;

/// <summary>What <c>keys</c> is to do.</summary>
public sealed class KeysInput : OperatorInput
{
    private const int MostDays = 3650;

    /// <summary>What to do.</summary>
    [Description("list | create: make one for somebody | revoke: end one for good")]
    public KeysAction Action { get; set; }

    /// <summary>Who it is for, or which; for <c>list</c> nothing.</summary>
    [Description("create: who the key is for, who is the actor of what is done with it | revoke: the id that list shows")]
    public string Subject { get; set; } = string.Empty;

    /// <summary>For which tenants.</summary>
    [Description("create: the tenants it acts for, separated by commas; '*' for all")]
    public string TenantsFlag { get; set; } = string.Empty;

    /// <summary>What it may do. Default: reading and writing.</summary>
    [Description("create: what it may do, separated by commas: tickets:read, tickets:write, metrics:read, operator (the first two)")]
    public string ScopesFlag { get; set; } = $"{Scopes.Read},{Scopes.Write}";

    /// <summary>How long it is good. Default a year.</summary>
    [Description("create: for how many days it is good, 0 for ever (365)")]
    public int DaysFlag { get; set; } = 365;

    /// <summary>The tenants.</summary>
    public IReadOnlyList<string> Tenants => Split(TenantsFlag);

    /// <summary>The scopes.</summary>
    public IReadOnlyList<string> GivenScopes => Split(ScopesFlag);

    /// <inheritdoc/>
    public override string? Fault() => Action switch
    {
        KeysAction.list => Subject.Length > 0 ? "'list' takes nothing more: ./tickets keys list" : null,
        KeysAction.revoke => Subject.Length == 0 ? "say which: ./tickets keys revoke ID; ./tickets keys list shows them" : null,
        _ => !Caller.IsName(Subject) ? "say who it is for, in 1 to 200 printable ASCII characters: ./tickets keys create NAME --tenants acme"
            : Tenants.Count == 0 || !Tenants.All(Caller.IsTenant) ? "say for which tenants: --tenants acme,other, or --tenants '*' for all"
            : GivenScopes.Count == 0 || !GivenScopes.All(Scopes.All.Contains) ? $"--scopes are some of {string.Join(", ", Scopes.All)}, separated by commas"
            : DaysFlag is < 0 or > MostDays ? $"--days is 0 to {MostDays}"
            : null,
    };

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
