using System.Text.RegularExpressions;
using CsCheck;
using Tickets.Contracts;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Notifications;
using Tickets.Tests.Domain;

namespace Tickets.Tests.Notifications;

public class RuleTests
{
    private static readonly Ticket Severe = A.Ticket with { Title = "critical failure" };

    [Fact]
    public void who_becomes_severe_asks_and_who_stays_so_does_not()
    {
        Asked(A.Ticket, Severe).ShouldBe([(NotificationReason.Severe, null)]);
        Asked(Severe, Severe with { Title = "a major failure" }).ShouldBeEmpty();
        Asked(Severe, Severe with { Priority = TicketPriority.Critical }).ShouldBeEmpty();
        Asked(Severe, A.Ticket).ShouldBeEmpty();
        Asked(A.Ticket, A.Ticket with { Title = "the majority" }).ShouldBeEmpty();
    }

    [Fact]
    public void the_assignee_is_told_when_it_becomes_one()
    {
        var assigned = A.Ticket with { Assignee = "bob" };

        Asked(A.Ticket, assigned).ShouldBe([(NotificationReason.Assigned, "bob")]);
        Asked(null, assigned).ShouldBe([(NotificationReason.Assigned, "bob")]);
        Asked(assigned, assigned with { Title = "x" }).ShouldBeEmpty();
        Asked(assigned, A.Ticket).ShouldBeEmpty();
    }

    [Fact]
    public void the_creator_is_told_when_it_is_resolved()
    {
        var resolved = A.Ticket with { Status = TicketStatus.Resolved };

        Asked(A.Ticket, resolved).ShouldBe([(NotificationReason.Resolved, "ada")]);
        Asked(resolved, resolved with { Status = TicketStatus.Closed }).ShouldBeEmpty();
    }

    [Fact]
    public void each_channel_of_a_reason_is_a_notification_of_its_own_and_none_is_none()
    {
        var options = new NotificationOptions
        {
            Channels = new Dictionary<NotificationReason, IReadOnlyList<string>> { [NotificationReason.Severe] = ["log", "smtp"] },
        };

        var asked = new NotificationRules(options).Apply(null, Severe with { Assignee = "bob" }, "ada").ToArray();

        asked.Select(request => request.Channel).ShouldBe(["log", "smtp"]);
        asked.Select(request => request.Id).ShouldBeUnique();
    }

    [Theory]
    [InlineData("All is DOWN", true)]
    [InlineData("down", true)]
    [InlineData("(down)", true)]
    [InlineData("The download is slow", false)]
    [InlineData("We lost C++ today", true)]
    [InlineData("c++", true)]
    [InlineData("#sev1: all of it", true)]
    [InlineData("#sev12: little", false)]
    [InlineData("Slowdown, then down", true)]
    [InlineData("down_1 and 1down", false)]
    [InlineData("down\u0308", false)]
    [InlineData("c++11", false)]
    [InlineData("It is critical", false)]
    public void the_words_can_be_chosen(string title, bool isSevere)
    {
        var rules = new NotificationRules(new NotificationOptions { SevereWords = ["c++", "down", "#sev1"] });

        rules.Apply(null, A.Ticket with { Title = title }, "ada").Count().ShouldBe(isSevere ? 1 : 0);
    }

    [Fact]
    public void the_words_are_found_where_a_regular_expression_finds_them()
    {
        string[] words = ["c++", "down", "#d", "own"];
        var rules = new NotificationRules(new NotificationOptions { SevereWords = words });
        var expression = new Regex($@"(?:^|\W)(?:{string.Join('|', words.Select(Regex.Escape))})(?:\W|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        Gen.String[Gen.Char["cC+dDownN#_1 -\u00e9\u0308"], 0, 12].Sample(
            title => rules.Apply(null, A.Ticket with { Title = title }, "ada").Any() == expression.IsMatch(title), iter: 20_000);
    }

    private static IEnumerable<(NotificationReason, string?)> Asked(Ticket? before, Ticket after) =>
        A.Rules.Apply(before, after, "ada").Select(request => (request.Reason, request.Recipient));
}
