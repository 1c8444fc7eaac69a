namespace Tickets.Api.Access;

/// <summary>What a credential may be good for.</summary>
internal static class Scopes
{
    /// <summary>Reading what is the tenant's.</summary>
    public const string Read = "tickets:read";

    /// <summary>Changing it.</summary>
    public const string Write = "tickets:write";

    /// <summary>Reading <c>/metrics</c>, which tell of all tenants.</summary>
    public const string Metrics = "metrics:read";

    /// <summary>All of these, dead letters, and the details of health.</summary>
    public const string Operator = "operator";

    /// <summary>Any credential will do.</summary>
    public const string None = "";

    /// <summary>Those that can be given.</summary>
    public static readonly IReadOnlyList<string> All = [Read, Write, Metrics, Operator];
}
