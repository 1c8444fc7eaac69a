namespace Tickets.Api.Admission;

/// <summary>What a request asks of a process.</summary>
public enum RequestKind
{
    /// <summary>A command, until its outcome.</summary>
    Write,

    /// <summary>A query.</summary>
    Read,

    /// <summary>Events as they happen, for as long as somebody listens.</summary>
    Events,
}
