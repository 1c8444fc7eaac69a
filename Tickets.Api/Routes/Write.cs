using Tickets.Api.Access;
using Tickets.Api.Commands;
using Tickets.Contracts;
using Tickets.Contracts.Audit;

namespace Tickets.Api.Routes;

/// <summary>What every request that writes may say beside its body.</summary>
/// <param name="Request">The command's circumstances.</param>
/// <param name="Preference">What the client prefers to wait for.</param>
internal sealed record Write(CommandRequest Request, Preference Preference)
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 255;

    /// <summary>Reads the headers.</summary>
    /// <exception cref="InvalidHeaderException">One of them can't be used.</exception>
    public static async ValueTask<Write> BindAsync(HttpContext context)
    {
        var tenant = await Tenant.BindAsync(context);
        var preference = await Preference.BindAsync(context);
        var caller = Caller.Of(context);
        var actor = ActorOf(caller, Read(context, CommandHeaders.Actor, CommandHeaders.LongestActor));
        var request = new CommandRequest(tenant.Name, Door.Http, preference.Wait)
        {
            Actor = actor,
            CorrelationId = Correlation.Of(context),
            Key = Read(context, KeyHeader, LongestKey) is { } key
                ? new IdempotencyKey(tenant.Name, caller?.Credential ?? actor ?? string.Empty, RouteOf(context), key)
                : null,
        };
        return new Write(request, preference);
    }

    // Who has signed in acts; nobody acts for another.
    private static string? ActorOf(Caller? caller, string? named) =>
        caller is null || named is null || named == caller.Name
            ? caller?.Name ?? named
            : throw new ForbiddenException(ProblemCodes.ActorForbidden, $"The credential is {caller.Name}'s, and {CommandHeaders.Actor} names somebody else; leave it out.");

    // However the address is spelt, the routing finds one route: with capital letters, a slash at its end, an id in capitals.
    private static string RouteOf(HttpContext context)
    {
        var path = ((RouteEndpoint)context.GetEndpoint()!).RoutePattern.RawText!.TrimEnd('/');
        var id = context.GetRouteValue("id") as string;
        return $"{HttpMethods.GetCanonicalizedValue(context.Request.Method)} {path.Replace("{id}", Guid.TryParse(id, out var ticket) ? $"{ticket}" : id, StringComparison.Ordinal)}";
    }

    private static string? Read(HttpContext context, string name, int longest)
    {
        var values = context.Request.Headers[name];
        if (values.Count == 0)
        {
            return null;
        }

        return values is [{ } value] && CommandHeaders.IsPrintable(value, longest)
            ? value
            : throw new InvalidHeaderException(name, ProblemCodes.ValidationFailed, $"must be one value of 1 to {longest} printable ASCII characters");
    }
}
