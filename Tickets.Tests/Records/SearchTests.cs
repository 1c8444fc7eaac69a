using Tickets.Contracts;
using Tickets.Handlers.Records;
using Tickets.Handlers.Records.Search;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Records;

public sealed class SearchOnSqlite() : SearchTests(StorageKind.Sqlite);

public sealed class SearchOnPostgreSql() : SearchTests(StorageKind.PostgreSql);

public abstract class SearchTests(StorageKind kind) : IAsyncLifetime
{
    private TicketsFixture _tickets = null!;

    public static TheoryData<string, string[]> Texts => new()
    {
        { "printer", ["The printer", "PRINTER", "Café printer"] },
        { "cafe", ["Café printer"] },
        { "CAFÉ Printer", ["Café printer"] },
        { "printer OR nothing", [] },
        { "print*", [] },
        { "\"the printer\"", ["The printer"] },
        { "title:printer", [] },
        { "NEAR(the printer)", [] },
        { "-printer", ["The printer", "PRINTER", "Café printer"] },
        { "smoke", ["The printer"] },
        { "e-mail", ["E-mail is late"] },
        { "taucme", [] },
    };

    public async ValueTask InitializeAsync() => _tickets = await TicketsFixture.CreateAsync(kind);

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public async Task words_are_looked_for_whatever_their_case_and_accents_and_have_no_syntax(string text, string[] titles)
    {
        await _tickets.AddAsync(
            TicketsFixture.New("The printer", 1) with { Description = "There is smoke." },
            TicketsFixture.New("PRINTER", 2),
            TicketsFixture.New("Café printer", 3),
            TicketsFixture.New("E-mail is late", 4),
            TicketsFixture.New("The printer", 5, tenant: "other"));

        var found = await _tickets.FindAsync(new TicketSearch { Words = TicketWords.From(text) });

        found.Select(ticket => ticket.Title).ShouldBe(titles, ignoreOrder: true);
    }

    [Fact]
    public async Task a_limit_may_be_the_first_and_the_last_moment_that_there_is()
    {
        await _tickets.AddAsync(TicketsFixture.New("The printer", 1));
        var (first, last) = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

        (await _tickets.FindAsync(new TicketSearch { CreatedAfter = first, CreatedBefore = last, UpdatedAfter = first, UpdatedBefore = last })).ShouldHaveSingleItem();
        (await _tickets.FindAsync(new TicketSearch { CreatedAfter = last, UpdatedAfter = last })).ShouldBeEmpty();
        (await _tickets.FindAsync(new TicketSearch { CreatedBefore = first, UpdatedBefore = first })).ShouldBeEmpty();
    }

    [Fact]
    public async Task every_sign_of_ascii_ends_a_word()
    {
        var titles = Enumerable.Range('!', '~' - '!' + 1).Select(sign => (char)sign).Where(sign => !char.IsAsciiLetterOrDigit(sign))
            .Select(sign => $"left{sign}right").ToArray();
        await _tickets.AddAsync([.. titles.Select((title, i) => TicketsFixture.New(title, i + 1))]);

        var found = await _tickets.FindAsync(new TicketSearch { Words = TicketWords.From("right"), Limit = 100 });

        titles.Length.ShouldBe(32);
        found.Select(ticket => ticket.Title).ShouldBe(titles, ignoreOrder: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("!? -- \"")]
    public void a_text_without_a_letter_or_digit_is_none(string text) => TicketWords.From(text).ShouldBeNull();

    [Fact]
    public void a_text_may_have_two_hundred_characters()
    {
        TicketWords.From(new string('x', 200)).ShouldNotBeNull();
        TicketWords.From(new string('x', 201)).ShouldBeNull();
    }

    [Fact]
    public async Task a_change_is_found_by_what_it_became_and_no_more_by_what_it_was()
    {
        var before = (await _tickets.AddAsync(TicketsFixture.New("Printer") with { Tags = ["a", "b"] })).Single();
        var after = before with { Title = "Scanner", Tags = ["b", "c"], Status = TicketStatus.OnHold, Assignee = "bob", Version = 2 };

        await _tickets.WriteAsync(new ReplaceTicket(after));

        (await CountAsync(new() { Words = TicketWords.From("printer") })).ShouldBe(0);
        (await CountAsync(new() { Words = TicketWords.From("scanner") })).ShouldBe(1);
        (await CountAsync(new() { Tags = ["a"] })).ShouldBe(0);
        (await CountAsync(new() { Tags = ["c", "b"] })).ShouldBe(1);
        (await CountAsync(new() { Status = TicketStatus.OnHold, Assignee = "bob" })).ShouldBe(1);
    }

    [Fact]
    public async Task what_is_removed_is_found_no_more()
    {
        var ticket = (await _tickets.AddAsync(TicketsFixture.New("Printer") with { Tags = ["a"] })).Single();

        await _tickets.WriteAsync(new RemoveTicket(ticket));

        (await CountAsync(new() { Words = TicketWords.From("printer") })).ShouldBe(0);
        (await CountAsync(new() { Tags = ["a"] })).ShouldBe(0);
        (await CountAsync(new())).ShouldBe(0);
    }

    [Fact]
    public async Task a_ticket_that_another_has_changed_is_neither_replaced_nor_removed()
    {
        var ticket = (await _tickets.AddAsync(TicketsFixture.New())).Single();
        await _tickets.WriteAsync(new ReplaceTicket(ticket with { Title = "first", Version = 2 }));

        await Should.ThrowAsync<VersionConflictException>(
            () => _tickets.WriteAsync(new ReplaceTicket(ticket with { Title = "second", Version = 2 })));
        await Should.ThrowAsync<VersionConflictException>(() => _tickets.WriteAsync(new RemoveTicket(ticket)));
        await Should.ThrowAsync<VersionConflictException>(() => _tickets.WriteAsync(new InsertComment(CommentOn(ticket), ticket.Version)));
        await _tickets.WriteAsync(new InsertComment(CommentOn(ticket), Version: 2));

        (await _tickets.FindAsync(new())).Single().Title.ShouldBe("first");
    }

    private static Comment CommentOn(Ticket ticket) => new()
    {
        Id = Guid.CreateVersion7(),
        TicketId = ticket.Id,
        Tenant = ticket.Tenant,
        Author = "bob",
        Body = "Done.",
        CreatedAt = ticket.CreatedAt,
    };

    [Fact]
    public void a_cursor_belongs_to_its_order()
    {
        var cursor = new TicketPosition(TicketOrder.Default, Guid.CreateVersion7(), 7);

        TicketPosition.TryParse(cursor.ToString(), TicketOrder.Default, out var same).ShouldBeTrue();
        same.ShouldBe(cursor);
        TicketPosition.TryParse(cursor.ToString(), new TicketOrder(TicketSort.Priority, true), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("LWNyZWF0ZWRfYXQKeA")]
    [InlineData("%%%")]
    public void a_forged_cursor_is_refused(string cursor) => TicketPosition.TryParse(cursor, TicketOrder.Default, out _).ShouldBeFalse();

    public ValueTask DisposeAsync() => _tickets.DisposeAsync();

    private async Task<int> CountAsync(TicketSearch search) => (await _tickets.FindAsync(search)).Count;
}
