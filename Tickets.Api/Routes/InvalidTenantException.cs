using Tickets.Contracts;

namespace Tickets.Api.Routes;

/// <summary>A request that names no usable tenant.</summary>
/// <param name="header">The header that should name it.</param>
/// <param name="missing">True when it is not there at all.</param>
public sealed class InvalidTenantException(string header, bool missing)
    : Exception(missing ? $"is required: {TenantName.Rule}" : $"must be one value of {TenantName.Rule}")
{
    /// <summary>The header that should name the tenant.</summary>
    public string Header { get; } = header;
}
