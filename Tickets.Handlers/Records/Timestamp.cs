using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Tickets.Handlers.Records;

/// <summary>Times as RFC 3339 text in UTC with seven decimals, so that text order is time order.</summary>
internal static class Timestamp
{
    [return: NotNullIfNotNull(nameof(time))]
    public static string? Write(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Read(string? text) =>
        text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
