using FluentValidation;
using Tickets.Contracts.Commands;

namespace Tickets.Handlers;

/// <summary>The rules of a change, for HTTP and NATS alike: those of a new ticket, for what is there.</summary>
public sealed class UpdateTicketValidator : AbstractValidator<UpdateTicket>
{
    private const string NotRemovable = "must not be null";

    /// <summary>The one instance; it has no state.</summary>
    public static readonly UpdateTicketValidator Instance = new();

    private UpdateTicketValidator()
    {
        this.Target();
        RuleFor(x => x.Title.Value).Name(when: x => x.Title.IsSet).OverridePropertyName("title");
        RuleFor(x => x.Priority).Must(x => !x.IsSet || x.Value is not null).WithMessage(NotRemovable).OverridePropertyName("priority");
        RuleFor(x => x.Status).Must(x => !x.IsSet || x.Value is not null).WithMessage(NotRemovable).OverridePropertyName("status");
        RuleFor(x => x.Description.Value).Text().OverridePropertyName("description");
        RuleFor(x => x.Assignee.Value).OptionalName().OverridePropertyName("assignee");
        RuleFor(x => x.Tags.Value).Tags().OverridePropertyName("tags");
    }
}
