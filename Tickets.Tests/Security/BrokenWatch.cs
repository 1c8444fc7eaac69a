using Dapper;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>A credential that can no longer be looked at is not taken for a good one.</summary>
public sealed class BrokenWatch(SecuredOnPostgreSql running) : IClassFixture<SecuredOnPostgreSql>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task a_stream_of_events_ends_when_its_credential_can_not_be_watched_any_more()
    {
        var (_, key) = await running.Service.NewKeyAsync(RunningService.NewTenant());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        request.Headers.Add("Authorization", $"Bearer {key}");
        using var events = await running.Service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        events.EnsureSuccessStatusCode();

        await using (var connection = Stored.Open(running.Service))
        {
            await connection.ExecuteAsync("ALTER TABLE api_keys RENAME TO api_keys_away");
        }

        var thrown = await Should.ThrowAsync<Exception>(async () => await (await events.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null).WaitAsync(Limit));
        (thrown is HttpRequestException or IOException).ShouldBeTrue($"{thrown}");
        await running.Service.SaysAsync("can no longer be watched");
    }
}
