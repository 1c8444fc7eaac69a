using NATS.Client.Core;
using Tickets.Contracts;

namespace Tickets.Api.NatsApi;

/// <summary>A request over NATS, before anybody has trusted it.</summary>
/// <param name="Tenant">The third token of its subject.</param>
/// <param name="Body">Its body; empty when it had none.</param>
/// <param name="Headers">Its headers; null when it had none.</param>
internal sealed record ApiRequest(string Tenant, byte[] Body, NatsHeaders? Headers)
{
    private const int LongestHeader = 255;

    /// <summary>Reads a request.</summary>
    /// <exception cref="RefusedException">Its subject names no valid tenant.</exception>
    public static ApiRequest Of(string subject, byte[]? body, NatsHeaders? headers)
    {
        var tenant = subject.Split('.')[Subjects.RequestTenantToken];
        return TenantName.IsValid(tenant)
            ? new ApiRequest(tenant, body ?? [], headers)
            : throw new RefusedException("invalid_tenant", "tenant", $"must be {TenantName.Rule}");
    }

    /// <summary>A header; null when it is not there.</summary>
    /// <exception cref="RefusedException">It can't be used.</exception>
    public string? Header(string name)
    {
        if (Headers is null || !Headers.TryGetValue(name, out var values) || values is not [{ } value])
        {
            return null;
        }

        return value.Length is > 0 and <= LongestHeader && value.All(character => character is >= ' ' and <= '~')
            ? value
            : throw new RefusedException("validation_failed", name, $"must be 1 to {LongestHeader} printable ASCII characters");
    }
}
