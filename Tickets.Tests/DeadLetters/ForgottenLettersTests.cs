using Tickets.Api.Composition;
using Tickets.Api.DeadLetters;
using Tickets.Handlers.Retention;
using Tickets.Tests.Storage;

namespace Tickets.Tests.DeadLetters;

public class ForgottenLettersTests
{
    private const string Command = "TICKET_COMMANDS ticket.commands.acme.create";
    private const string Notification = "TICKET_EVENTS notification.requested";
    private readonly SteppedClock _clock = new();

    [Theory]
    [InlineData(Command, 28, null)]
    [InlineData(Command, 30, "RETENTION_LEDGER_DAYS")]
    [InlineData(Command, 400, "RETENTION_LEDGER_DAYS")]
    [InlineData(Notification, 30, null)]
    [InlineData(Notification, 90, "RETENTION_NOTIFICATIONS_DAYS")]
    public void a_letter_is_not_replayed_when_what_took_effect_is_forgotten(string message, int days, string? setting)
    {
        var forgotten = new ForgottenLetters(new RetentionOptions(), _clock);

        var fault = forgotten.Fault(LetterOf(message, days));

        if (setting is null)
        {
            fault.ShouldBeNull();
        }
        else
        {
            fault!.ShouldContain(setting);
        }
    }

    // Its effect may be as old as that, and the ledger forgets it once the command waits no more.
    [Fact]
    public void a_letter_counts_from_when_its_command_was_accepted()
    {
        var letter = LetterOf(Command, days: 0);
        letter.Headers!["Dlq-Stored"] = _clock.GetUtcNow().AddDays(-30).ToString("O");

        new ForgottenLetters(new RetentionOptions(), _clock).Fault(letter)!.ShouldContain("RETENTION_LEDGER_DAYS");
    }

    [Theory]
    [InlineData(Command)]
    [InlineData(Notification)]
    public void what_is_kept_for_ever_is_never_forgotten(string message)
    {
        var forgotten = new ForgottenLetters(new RetentionOptions { Ledger = null, Notifications = null }, _clock);

        forgotten.Fault(LetterOf(message, days: 400)).ShouldBeNull();
    }

    private Letter LetterOf(string message, int days) => new(
        1,
        _clock.GetUtcNow().AddDays(-days),
        new() { ["Dlq-Stream"] = message.Split(' ')[0], ["Dlq-Subject"] = message.Split(' ')[1] },
        Body: null,
        Size: 0)
    {
        Secrets = new SecretMask(),
    };
}
