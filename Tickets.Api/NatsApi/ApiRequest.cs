using Microsoft.Extensions.Primitives;
using NATS.Client.Core;
using Tickets.Contracts;

namespace Tickets.Api.NatsApi;

/// <summary>A request over NATS, before anybody has trusted it.</summary>
/// <param name="Tenant">The third token of its subject.</param>
/// <param name="Body">Its body; empty when it had none.</param>
/// <param name="Headers">Its headers; null when it had none.</param>
internal sealed record ApiRequest(string Tenant, byte[] Body, NatsHeaders? Headers)
{
    /// <summary>Reads a request.</summary>
    /// <exception cref="RefusedException">Its subject names no valid tenant.</exception>
    public static ApiRequest Of(string subject, byte[]? body, NatsHeaders? headers)
    {
        var tenant = subject.Split('.')[Subjects.TenantToken];
        return TenantName.IsValid(tenant)
            ? new ApiRequest(tenant, body ?? [], headers)
            : throw new RefusedException(ProblemCodes.InvalidTenant, "tenant", $"must be {TenantName.Rule}");
    }

    /// <summary>A header; null when it is not there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="longest">How many characters it may have.</param>
    /// <exception cref="RefusedException">It can't be used.</exception>
    public string? Header(string name, int longest)
    {
        var values = ValuesOf(name);
        if (values.Count == 0)
        {
            return null;
        }

        return values is [{ } value] && CommandHeaders.IsPrintable(value, longest)
            ? value
            : throw new RefusedException(ProblemCodes.ValidationFailed, name, $"must be one value of 1 to {longest} printable ASCII characters");
    }

    /// <summary>What ties it to all that follows from it; null when it names nothing that can.</summary>
    public string? CorrelationId() =>
        ValuesOf(CommandHeaders.CorrelationId) is [{ } value] && CommandHeaders.IsCorrelationId(value) ? value : null;

    private StringValues ValuesOf(string name) => Headers is not null && Headers.TryGetValue(name, out var values) ? values : default;
}
