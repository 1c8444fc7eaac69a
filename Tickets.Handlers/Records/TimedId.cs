namespace Tickets.Handlers.Records;

/// <summary>Reads the time with which an id of version 7 begins (RFC 9562, section 5.7).</summary>
public static class TimedId
{
    private const int Version = 7;
    private const int TimeDigits = 12;

    /// <summary>When the id was made, to the millisecond; null when it is of another version.</summary>
    public static DateTimeOffset? TimeOf(Guid id) => id.Version == Version
        ? DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(id.ToString("N")[..TimeDigits], 16))
        : null;
}
