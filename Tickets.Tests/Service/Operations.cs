using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using NatsServers;
using Tickets.Contracts;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>What is told of commands that nobody waited for.</summary>
public class Operations(RunningService running) : IClassFixture<RunningService>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TicketService _service = running.Service;
    private readonly string _tenant = RunningService.NewTenant();

    [Theory]
    [InlineData(null)]
    [InlineData("k")]
    public async Task a_command_is_pending_until_it_is_handled(string? key)
    {
        var operation = await WhileOneWaitsAsync(key, async operation => (await StatusAsync(operation)).ShouldBe("pending"));

        await Eventually.Async(() => StatusAsync(operation), status => status == "succeeded", Limit, "it is done");
    }

    [Fact]
    public async Task while_one_waits_no_older_one_does_but_whatever_does_not_tell_its_age_may()
    {
        await WhileOneWaitsAsync(key: null, async _ =>
        {
            (await StatusAsync(PathOf(Guid.CreateVersion7()))).ShouldBe("pending");
            (await StatusAsync(PathOf(HashedId.Of(_tenant)))).ShouldBe("pending");
            (await StatusAsync(PathOf(Guid.CreateVersion7(DateTimeOffset.UtcNow.AddHours(-1))))).ShouldBe("NotFound");
            (await StatusAsync(PathOf(Guid.CreateVersion7(DateTimeOffset.UtcNow.AddHours(1))))).ShouldBe("NotFound");
        });
    }

    [Fact]
    public async Task when_none_waits_an_id_that_the_ledger_does_not_know_is_no_operation()
    {
        foreach (var id in new[] { Guid.CreateVersion7(), Guid.CreateVersion7(DateTimeOffset.UtcNow.AddDays(-29)), HashedId.Of(_tenant) })
        {
            await Eventually.Async(() => StatusAsync(PathOf(id)), status => status == "NotFound", Limit, $"{id} is no operation");
        }
    }

    [Fact]
    public async Task when_nats_is_away_a_command_may_wait_for_as_long_as_the_ledger_remembers_it()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);

        await nats.StopAsync();

        (await StatusAsync(service, PathOf(Guid.CreateVersion7(DateTimeOffset.UtcNow.AddDays(-29))))).ShouldBe("pending");
        (await StatusAsync(service, PathOf(Guid.CreateVersion7(DateTimeOffset.UtcNow.AddDays(-31))))).ShouldBe("NotFound");
    }

    [Fact]
    public async Task an_id_that_is_older_or_that_nobody_here_makes_is_no_operation()
    {
        foreach (var id in new[] { Guid.CreateVersion7(DateTimeOffset.UtcNow.AddDays(-31)), Guid.NewGuid(), Guid.Parse("ffffffff-ffff-7fff-bfff-ffffffffffff") })
        {
            using var answer = await _service.GetAsync(_tenant, PathOf(id));
            await answer.ProblemAsync(HttpStatusCode.NotFound, "operation_not_found");
        }
    }

    // Returns its operation.
    private async Task<string> WhileOneWaitsAsync(string? key, Func<string, Task> look)
    {
        await using var locked = new SqliteConnection($"Data Source={_service.DatabasePath};Pooling=false");
        await locked.OpenAsync();
        await locked.ExecuteAsync("BEGIN IMMEDIATE");
        using var accepted = await _service.PostAsync(
            _tenant,
            JsonContent.Create(new { title = "Waits", created_by = "ada" }),
            [("Prefer", "respond-async"), .. key is null ? Array.Empty<(string, string)>() : [("Idempotency-Key", key)]]);
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var operation = accepted.Headers.Location!.OriginalString;
        await look(operation);
        return operation;
    }

    private static string PathOf(Guid id) => $"/api/v1/operations/{id}";

    private Task<string?> StatusAsync(string path) => StatusAsync(_service, path);

    private async Task<string?> StatusAsync(TicketService service, string path)
    {
        using var answer = await service.GetAsync(_tenant, path);
        return answer.StatusCode == HttpStatusCode.OK ? (await answer.JsonAsync()).GetProperty("status").GetString() : $"{answer.StatusCode}";
    }
}
