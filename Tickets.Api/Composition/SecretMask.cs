using System.Text.RegularExpressions;

namespace Tickets.Api.Composition;

/// <summary>The secrets that the settings hold, to be taken out of whatever is printed.</summary>
public sealed partial class SecretMask
{
    /// <summary>What stands for a secret.</summary>
    public const string Stars = "***";

    // A shorter one would be taken out of words that have nothing to do with it.
    private const int Shortest = 4;

    // Some webhooks are let in by their path.
    private const int ShortestSegment = 16;

    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);
    private string[] _longestFirst = [];

    /// <summary>Adds a secret.</summary>
    public void Add(string secret)
    {
        Keep(secret);
        SortByLength();
    }

    /// <summary>Adds what lets somebody in of addresses, separated by commas. What is no address is a secret as a whole.</summary>
    public void AddAddresses(string text)
    {
        foreach (var address in BetweenAddresses().Split(text))
        {
            if (address.Contains("://", StringComparison.Ordinal))
            {
                AddAddress(address);
            }
            else
            {
                Keep(address);
            }
        }

        SortByLength();
    }

    /// <summary>The text without secrets.</summary>
    public string Apply(string text)
    {
        foreach (var secret in _longestFirst)
        {
            text = text.Replace(secret, Stars, StringComparison.Ordinal);
        }

        return text;
    }

    // Passwords in addresses are not always written as they should be, so none is expected to be a well-formed one.
    private void AddAddress(string address)
    {
        var rest = address[(address.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            var login = rest[..at];
            var colon = login.IndexOf(':', StringComparison.Ordinal);
            if (colon >= 0 || !IsOfDatabase(address))
            {
                Keep(login[(colon + 1)..]);
            }
        }

        foreach (var segment in rest[(at + 1)..].Split('/', '?', '&', '=').Skip(1).Where(segment => segment.Length >= ShortestSegment))
        {
            Keep(segment);
        }
    }

    // There a name alone is no secret, as a token for NATS or a webhook is.
    private static bool IsOfDatabase(string address) => address.StartsWith("postgres", StringComparison.OrdinalIgnoreCase);

    private void SortByLength() => _longestFirst = [.. _secrets.OrderByDescending(known => known.Length)];

    private void Keep(string secret)
    {
        foreach (var form in new[] { secret, Uri.UnescapeDataString(secret) })
        {
            if (form.Length >= Shortest)
            {
                _secrets.Add(form);
            }
        }
    }

    // A comma may be part of a password.
    [GeneratedRegex(@",\s*(?=[A-Za-z][A-Za-z0-9+.-]*://)")]
    private static partial Regex BetweenAddresses();
}
