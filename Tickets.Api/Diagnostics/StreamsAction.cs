namespace Tickets.Api.Diagnostics;

/// <summary>The actions of <c>streams</c>.</summary>
public enum StreamsAction
{
    /// <summary>Show them.</summary>
    list,

    /// <summary>Compare them with what is declared.</summary>
    diff,

    /// <summary>Write files.</summary>
    export,
}
