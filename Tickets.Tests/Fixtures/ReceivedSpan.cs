namespace Tickets.Tests.Fixtures;

/// <summary>A span as a collector meets it.</summary>
/// <param name="TraceId">The trace.</param>
/// <param name="Id">Its own id.</param>
/// <param name="ParentId">The span that caused it; empty for none.</param>
/// <param name="Name">Its name.</param>
/// <param name="Start">Nanoseconds since 1970.</param>
public sealed record ReceivedSpan(string TraceId, string Id, string ParentId, string Name, ulong Start);
