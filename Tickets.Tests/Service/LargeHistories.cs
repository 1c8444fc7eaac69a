using System.Net.Http.Json;
using System.Text.Json;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public sealed class LargeHistoriesOnSqlite(RunningService running) : LargeHistories(running), IClassFixture<RunningService>;

public sealed class LargeHistoriesOnPostgreSql(RunningOnPostgreSql running) : LargeHistories(running), IClassFixture<RunningOnPostgreSql>;

/// <summary>Records as large as records may be: each has the ticket before and after its change.</summary>
public abstract class LargeHistories(RunningService running)
{
    private const int Changes = 20;
    private const int LargestDescription = 20_000;

    [Theory]
    [InlineData("{0}/history")]
    [InlineData("/api/v1/audit")]
    public async Task are_told_in_pages_that_fit_into_memory(string address)
    {
        var tenant = RunningService.NewTenant();
        using var created = await running.Service.PostAsync(
            tenant, JsonContent.Create(new { title = "0", created_by = "ada", description = string.Concat(Enumerable.Repeat("😀", LargestDescription)) }));
        var path = created.Headers.Location!.ToString();
        for (var i = 1; i <= Changes; i++)
        {
            (await running.Service.PatchAsync(tenant, path, new { title = $"{i}" })).IsSuccessStatusCode.ShouldBeTrue();
        }

        List<string> titles = [];
        List<int> sizes = [];
        for (var cursor = string.Empty; cursor is not null;)
        {
            var page = await (await running.Service.GetAsync(tenant, $"{string.Format(null, address, path)}?limit=200{cursor}")).JsonAsync();
            var items = page.GetProperty("items").EnumerateArray().ToList();
            titles.AddRange(items.Select(record => record.GetProperty("after").GetProperty("title").GetString()!));
            sizes.Add(items.Count);
            cursor = page.GetProperty("next_cursor") is { ValueKind: JsonValueKind.String } next ? $"&cursor={next.GetString()}" : null;
        }

        titles.ShouldBe(Enumerable.Range(0, Changes + 1).Reverse().Select(i => $"{i}"));
        sizes.ShouldAllBe(size => size > 0 && size < Changes);
    }
}
