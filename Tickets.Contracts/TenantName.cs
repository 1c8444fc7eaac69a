using System.Text.RegularExpressions;

namespace Tickets.Contracts;

/// <summary>What a tenant may be called: 1 to 64 letters, digits, <c>_</c> or <c>-</c>. By case, never normalised.</summary>
public static partial class TenantName
{
    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "1 to 64 letters, digits, '_' or '-'";

    /// <summary>Whether a name is allowed, for HTTP and NATS alike.</summary>
    public static bool IsValid(string? name) => name is not null && Pattern().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex Pattern();
}
