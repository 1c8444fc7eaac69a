namespace Tickets.Api.CommandLine.Framework;

/// <summary>What was found out about a resource, or done with it.</summary>
/// <param name="Type">Its kind, such as <c>PostgreSQL</c>.</param>
/// <param name="Name">Its name among its kind.</param>
/// <param name="Subject">The part of the service that it is for.</param>
/// <param name="Resource">What and where it is.</param>
public sealed record ResourceReport(string Type, string Name, Uri Subject, Uri Resource)
{
    /// <summary>Whether it was done, or is well; null when nobody looked.</summary>
    public bool? Ok { get; init; }

    /// <summary>What is wrong; null when nothing is known to be.</summary>
    public string? Fault { get; init; }

    /// <summary>What it tells of itself, as people read it; null when it was not asked.</summary>
    public string? Status { get; init; }
}
