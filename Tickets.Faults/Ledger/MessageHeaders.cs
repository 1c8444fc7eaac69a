using System.Text;

namespace Tickets.Faults.Ledger;

/// <summary>Reads headers of stored messages, as the JetStream API gives them.</summary>
internal static class MessageHeaders
{
    /// <summary>All of them, a line each; empty when there are none.</summary>
    public static string Text(string? headers) => headers is null ? string.Empty : Encoding.UTF8.GetString(Convert.FromBase64String(headers));

    /// <summary>The value of one; null when it is not there.</summary>
    public static string? Read(string? headers, string name) => Text(headers)
        .Split("\r\n").FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
