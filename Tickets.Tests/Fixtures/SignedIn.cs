using System.Net.Http.Json;
using Tickets.Handlers.Access;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Handlers.Storage.Sqlite;

namespace Tickets.Tests.Fixtures;

/// <summary>Requests with a credential.</summary>
public static class SignedIn
{
    public static (string Name, string Value) Bearer(string credential) => ("Authorization", $"Bearer {credential}");

    /// <summary>An API key in the service's database.</summary>
    public static async Task<(string Id, string Text)> NewKeyAsync(
        this TicketService service, string tenants, string scopes = "tickets:read tickets:write", TimeSpan? life = null, string name = "ada")
    {
        var secret = ApiKeySecret.New();
        var now = DateTimeOffset.UtcNow;
        using var database = DatabaseOf(service);
        await new ApiKeys(database).AddAsync(
            new ApiKey(secret.Id, name, secret.Hash, scopes.Split(' '), tenants.Split(' '), now, now + (life ?? TimeSpan.FromHours(1))), CancellationToken.None);
        return (secret.Id, secret.Reveal());
    }

    public static async Task RevokeKeyAsync(this TicketService service, string id)
    {
        using var database = DatabaseOf(service);
        (await new ApiKeys(database).RevokeAsync(id, DateTimeOffset.UtcNow, CancellationToken.None)).ShouldBeTrue();
    }

    public static Task<HttpResponseMessage> GetAsync(this TicketService service, string? tenant, string path, (string, string) credential) =>
        service.SendAsync(HttpMethod.Get, tenant, path, null, credential);

    public static Task<HttpResponseMessage> CreateAsync(this TicketService service, string? tenant, (string, string) credential, params (string, string)[] headers) =>
        service.PostAsync(tenant, JsonContent.Create(new { title = "Printer on fire", created_by = "bob" }), [credential, .. headers]);

    private static Database DatabaseOf(TicketService service) => StorageTarget.Parse(service.DatabaseUrl) is StorageTarget.PostgreSql postgreSql
        ? new PostgreSqlDatabase(postgreSql.ConnectionString)
        : new SqliteDatabase(service.DatabasePath);
}
