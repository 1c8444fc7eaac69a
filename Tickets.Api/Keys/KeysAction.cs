namespace Tickets.Api.Keys;

/// <summary>The actions of <c>keys</c>.</summary>
public enum KeysAction
{
    /// <summary>Shows which there are.</summary>
    list,

    /// <summary>Makes one.</summary>
    create,

    /// <summary>Ends one for good.</summary>
    revoke,
}
