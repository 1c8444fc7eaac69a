namespace Tickets.Handlers.Records;

/// <summary>A span of time in the audit trail. Records have ids of version 7 (RFC 9562), which begin with their time.</summary>
/// <param name="Since">Its begin, to the millisecond.</param>
/// <param name="Until">The time before which it ends, to the millisecond.</param>
public readonly record struct AuditSpan(DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>An id before all of the span's.</summary>
    public Guid First => TimedId.LowestOf(Since.ToUnixTimeMilliseconds());

    /// <summary>An id after all of the span's.</summary>
    public Guid Last => TimedId.LowestOf(Until.ToUnixTimeMilliseconds());
}
