namespace Tickets.Api.Composition;

/// <summary>What a process does. With PostgreSQL the two sides can be scaled apart.</summary>
public enum ServiceRole
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>Answers over HTTP and NATS, and sends commands; handles none.</summary>
    Api,

    /// <summary>Handles commands and notifications; over HTTP it has its health and metrics alone.</summary>
    Worker,
}
