namespace Tickets.Api.Access;

/// <summary>What a route needs instead of <see cref="Scopes.Read"/> for reading and <see cref="Scopes.Write"/> for anything else.</summary>
/// <param name="Scope">One of <see cref="Scopes"/>.</param>
internal sealed record NeededScope(string Scope)
{
    /// <summary>What a request needs, by its route and method.</summary>
    public static string Of(HttpContext context) =>
        context.GetEndpoint() is not { } route ? Scopes.None
        : route.Metadata.GetMetadata<NeededScope>() is { } needed ? needed.Scope
        : HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? Scopes.Read
        : Scopes.Write;
}
