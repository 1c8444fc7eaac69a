using Dapper;
using Tickets.Handlers.Records.Search;
using Tickets.Handlers.Storage.Sqlite;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Records;

public sealed class NewTicketIndexTests
{
    [Fact]
    public async Task the_words_of_a_groups_tickets_are_written_as_one_segment()
    {
        const int group = 50;
        await using var tickets = await TicketsFixture.CreateAsync(StorageKind.Sqlite);

        await tickets.AddAsync(Enumerable.Range(0, group).Select(i => TicketsFixture.New($"printer {i}", age: i)));

        // Three would have been merged with one that was written before (sqlite.org/fts5.html, "automerge").
        await using var reader = ((SqliteDatabase)tickets.Database).OpenReader();
        (await reader.ExecuteScalarAsync<int>("SELECT count(DISTINCT segid) FROM ticket_texts_idx")).ShouldBe(1);
        (await tickets.FindAsync(new() { Words = TicketWords.From("printer") })).Count.ShouldBe(group);
    }
}
