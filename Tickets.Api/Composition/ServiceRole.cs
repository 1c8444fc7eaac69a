namespace Tickets.Api.Composition;

/// <summary>What a process does. With PostgreSQL its parts can be scaled apart.</summary>
[Flags]
public enum ServiceRole
{
    /// <summary>Nothing but its health and metrics.</summary>
    None = 0,

    /// <summary>Answers over HTTP and NATS, and sends commands.</summary>
    Api = 1,

    /// <summary>Handles commands, and removes what is kept no longer.</summary>
    Commands = 2,

    /// <summary>Delivers notifications.</summary>
    Notifications = 4,

    /// <summary>Whatever is handled.</summary>
    Worker = Commands | Notifications,

    /// <summary>Everything.</summary>
    All = Api | Worker,
}
