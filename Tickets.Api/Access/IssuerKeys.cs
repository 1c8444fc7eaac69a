using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Tickets.Api.Access;

/// <summary>The issuer's keys, kept and read again when a token is signed with another. That they can't be read is a fault of its own.</summary>
internal sealed class IssuerKeys(IConfigurationManager<OpenIdConnectConfiguration> keys) : IConfigurationManager<OpenIdConnectConfiguration>
{
    /// <exception cref="IssuerUnavailableException">They can't be read, and none are known from before.</exception>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        try
        {
            return await keys.GetConfigurationAsync(cancel);
        }
        catch (InvalidOperationException e)
        {
            throw new IssuerUnavailableException(e);
        }
    }

    public void RequestRefresh() => keys.RequestRefresh();
}
