using Tickets.Contracts;

namespace Tickets.Api.Composition;

/// <summary>The consumers by which messages reach their handlers.</summary>
internal static class Consumers
{
    /// <summary>Of the commands.</summary>
    public const string Commands = "ticket-workers";

    /// <summary>Of the notifications that are asked for.</summary>
    public const string Notifications = "notifier";

    /// <summary>Those of a stream.</summary>
    public static IReadOnlyList<string> Of(string stream) => stream switch
    {
        Subjects.CommandStream => [Commands],
        Subjects.EventStream => [Notifications],
        _ => [],
    };
}
