namespace Tickets.Api.DeadLetters;

/// <summary>The actions of <c>dlq</c>.</summary>
public enum DlqAction
{
    /// <summary>Shows which there are.</summary>
    list,

    /// <summary>Shows one with all that is known of it.</summary>
    show,

    /// <summary>Sends messages again.</summary>
    replay,

    /// <summary>Removes letters for good.</summary>
    discard,
}
