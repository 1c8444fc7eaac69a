using System.Text.Json.Serialization;

namespace Tickets.Faults.Load;

/// <summary>What a command of the load does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CommandKind>))]
public enum CommandKind
{
    /// <summary>Makes a ticket whose title is the command's key.</summary>
    Create,

    /// <summary>Gives a ticket the command's key as its title.</summary>
    Update,

    /// <summary>Writes a comment that is the command's key.</summary>
    Comment,

    /// <summary>Removes a ticket that nothing else touches.</summary>
    Delete,
}
