using System.Net;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>A stream of events does not outlive the credential that opened it.</summary>
public class OpenStreams(SecuredService running) : IClassFixture<SecuredService>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private readonly TicketService _service = running.Service;
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task it_ends_when_the_key_is_revoked()
    {
        var (id, key) = await _service.NewKeyAsync(_tenant);
        using var events = await ListenAsync(key);

        await _service.RevokeKeyAsync(id);

        await EndsAsync(events);
    }

    [Fact]
    public async Task it_ends_when_the_key_expires()
    {
        var (_, key) = await _service.NewKeyAsync(_tenant, life: TimeSpan.FromSeconds(4));
        using var events = await ListenAsync(key);

        await EndsAsync(events);
    }

    [Fact]
    public async Task it_goes_on_while_the_key_is_good_and_tells_nothing_of_others()
    {
        var (_, key) = await _service.NewKeyAsync(_tenant);
        var (_, other) = await _service.NewKeyAsync($"{_tenant}-other");
        var (doomed, third) = await _service.NewKeyAsync(_tenant);
        using var events = await ListenAsync(key);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        using var ending = await ListenAsync(third);
        await _service.RevokeKeyAsync(doomed);
        await EndsAsync(ending);

        (await _service.CreateAsync(null, SignedIn.Bearer(other))).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await _service.CreateAsync(null, SignedIn.Bearer(key))).StatusCode.ShouldBe(HttpStatusCode.Created);

        string? line;
        do
        {
            line = await reader.ReadLineAsync().WaitAsync(Limit);
            line.ShouldNotBeNull();
        }
        while (!line.StartsWith("data: {", StringComparison.Ordinal));

        line.ShouldContain($"\"{_tenant}\"");
    }

    private async Task<HttpResponseMessage> ListenAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        request.Headers.Add("Authorization", $"Bearer {key}");
        var response = await _service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return response;
    }

    private static Task EndsAsync(HttpResponseMessage events) =>
        Should.ThrowAsync<Exception>(async () => await (await events.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null).WaitAsync(Limit))
            .ContinueWith(thrown => (thrown.Result is HttpRequestException or IOException).ShouldBeTrue($"{thrown.Result}"));
}
