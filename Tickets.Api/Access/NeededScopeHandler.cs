using Microsoft.AspNetCore.Authorization;

namespace Tickets.Api.Access;

/// <summary>That the caller has the scope which the route needs.</summary>
internal sealed class NeededScopeHandler : AuthorizationHandler<NeededScopeHandler.Requirement, HttpContext>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Requirement requirement, HttpContext resource)
    {
        if (Caller.Of(resource)?.Has(NeededScope.Of(resource)) == true)
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    internal sealed class Requirement : IAuthorizationRequirement;
}
