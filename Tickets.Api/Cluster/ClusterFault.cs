namespace Tickets.Api.Cluster;

/// <summary>Something that is wrong with JetStream.</summary>
/// <param name="Subject">With what, such as <c>stream TICKET_EVENTS</c>.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record ClusterFault(string Subject, string What, string Remedy)
{
    /// <summary>What is wrong with what, in words for an operator.</summary>
    public override string ToString() => $"{Subject}: {What}";
}
