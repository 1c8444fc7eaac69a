using System.Text.Json.Serialization;

namespace Tickets.Contracts.Audit;

/// <summary>The way by which a command came in.</summary>
[JsonConverter(typeof(SnakeCaseEnum<Door>))]
public enum Door
{
    /// <summary>The HTTP API.</summary>
    Http,

    /// <summary>A message on NATS.</summary>
    Nats,

    /// <summary>The command line.</summary>
    Cli,
}
