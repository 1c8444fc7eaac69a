using System.Text.Json.Serialization;

namespace Wolverine.Nats.Connection;

/// <summary>Subjects that are allowed and denied; a denial wins. No allowance at all allows everything.</summary>
internal sealed record SubjectPermission(
    [property: JsonPropertyName("allow")] IReadOnlyList<string>? Allow,
    [property: JsonPropertyName("deny")] IReadOnlyList<string>? Deny)
{
    public bool Allows(string subject) =>
        (Allow is null or [] || Allow.Any(allowed => NatsSubject.Covers(allowed, subject)))
        && Deny?.Any(denied => NatsSubject.Covers(denied, subject)) != true;
}
