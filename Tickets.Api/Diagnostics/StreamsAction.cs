namespace Tickets.Api.Diagnostics;

/// <summary>The actions of <c>streams</c>.</summary>
public enum StreamsAction
{
    /// <summary>Write files.</summary>
    export,
}
