using System.Text.Json.Serialization;

namespace Tickets.Contracts;

/// <summary>How urgent a ticket is.</summary>
[JsonConverter(typeof(SnakeCaseEnum<TicketPriority>))]
public enum TicketPriority
{
    /// <summary>Can wait.</summary>
    Low,

    /// <summary>The default.</summary>
    Medium,

    /// <summary>Soon.</summary>
    High,

    /// <summary>Now; asks for a notification.</summary>
    Critical,
}
