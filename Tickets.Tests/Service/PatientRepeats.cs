using System.Net;
using Dapper;
using NatsServers;
using Npgsql;
using Tickets.Api.Commands;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>Requests with a key that wait for an outcome which is late: nobody handles commands, or the ledger can't be read.</summary>
public sealed class PatientRepeats : IAsyncLifetime
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private NatsServer _nats = null!;
    private string _url = null!;
    private TicketService _api = null!;

    public async ValueTask InitializeAsync()
    {
        _nats = await NatsServer.StartAsync();
        _url = await SharedPostgreSql.NewDatabaseAsync();
        _api = await TicketService.StartAsync(_nats, ("DATABASE_URL", _url), ("TICKETS_ROLE", "api"), ("MAX_WRITES_IN_FLIGHT", "2"));
    }

    [Fact]
    public async Task whose_patience_is_longer_than_that_of_the_request_they_follow_get_the_outcome()
    {
        var first = PostAsync("wait=3");
        await IsAcceptedAsync();

        var second = PostAsync("wait=30");
        using var accepted = await first;
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await using var worker = await TicketService.StartAsync(_nats, ("DATABASE_URL", _url), ("TICKETS_ROLE", "commands"));

        using var outcome = await second;
        outcome.StatusCode.ShouldBe(HttpStatusCode.Created);
        outcome.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        (await _api.ListAsync(Tenant)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task are_told_what_was_preferred_only_where_it_was_followed()
    {
        using var accepted = await PostAsync("respond-async, wait=1");
        using var repeat = await PostAsync("respond-async");

        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        accepted.Headers.GetValues("Preference-Applied").ShouldBe(["respond-async, wait=1"]);
        await repeat.ProblemAsync(HttpStatusCode.Conflict, "request_in_flight");
        repeat.Headers.Contains("Preference-Applied").ShouldBeFalse();
    }

    [Fact]
    public async Task whose_clients_are_gone_keep_no_place_from_others()
    {
        using var goesAway = new CancellationTokenSource();
        Task[] gone = [PostAsync("wait=30", goesAway.Token), PostAsync("wait=30", goesAway.Token)];
        await IsAcceptedAsync();
        using (var full = await PostAsync("respond-async", key: "other"))
        {
            await full.ProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        }

        await goesAway.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Task.WhenAll(gone));

        await Eventually.Async(() => StatusOfAsync("other"), status => status == HttpStatusCode.Accepted, Limit, "there is room for others");

        // What was on its way goes on, and is known.
        (await StatusOfAsync("k")).ShouldBe(HttpStatusCode.Conflict);
        (await _nats.ReadAsync("TICKET_COMMANDS")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task are_told_that_an_earlier_one_may_take_effect_when_the_ledger_cannot_be_read()
    {
        await using var locked = await LockedLedgerAsync();

        using var refused = await PostAsync("respond-async");

        (await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable")).GetProperty("detail").GetString()!.ShouldContain("Repeat it with the same key");
    }

    [Fact]
    public async Task wait_no_longer_than_they_may_when_the_ledger_cannot_be_read()
    {
        await using var locked = await LockedLedgerAsync();
        using var database = new PostgreSqlDatabase(ConnectionString);
        var waiting = new OutcomeWaiting(new Ledger(database, TimeProvider.System), TimeProvider.System);

        (await waiting.WaitAsync(new CommandKey(Tenant, Guid.NewGuid()), TimeSpan.FromSeconds(2), CancellationToken.None).WaitAsync(Limit)).ShouldBeNull();
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _nats.DisposeAsync();
    }

    private string ConnectionString => ((StorageTarget.PostgreSql)StorageTarget.Parse(_url)).ConnectionString;

    private async Task<NpgsqlConnection> LockedLedgerAsync()
    {
        var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await connection.ExecuteAsync("BEGIN; LOCK TABLE tickets.ledger IN ACCESS EXCLUSIVE MODE");
        return connection;
    }

    private Task IsAcceptedAsync() =>
        Eventually.Async(async () => (await _nats.ReadAsync("TICKET_COMMANDS")).Count, count => count == 1, Limit, "the command is in the stream");

    private async Task<HttpStatusCode> StatusOfAsync(string key)
    {
        using var response = await PostAsync("respond-async", key: key);
        return response.StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync(string prefer, CancellationToken cancellation = default, string key = "k")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tickets")
        {
            Content = new StringContent("""{"title": "Once", "created_by": "ada"}""", null, "application/json"),
            Headers = { { "X-Tenant-ID", Tenant }, { "Idempotency-Key", key }, { "Prefer", prefer } },
        };
        return await _api.Http.SendAsync(request, cancellation);
    }
}
