using FluentValidation;
using Tickets.Contracts.Commands;

namespace Tickets.Handlers;

/// <summary>The rules of a new ticket, for HTTP and NATS alike.</summary>
public sealed class CreateTicketValidator : AbstractValidator<CreateTicket>
{
    /// <summary>The one instance; it has no state.</summary>
    public static readonly CreateTicketValidator Instance = new();

    private CreateTicketValidator()
    {
        RuleFor(x => x.Title).Name().OverridePropertyName("title");
        RuleFor(x => x.CreatedBy).Name().OverridePropertyName("created_by");
        RuleFor(x => x.Description).Text().OverridePropertyName("description");
        RuleFor(x => x.Assignee).OptionalName().OverridePropertyName("assignee");
        RuleFor(x => x.Tags).Tags().OverridePropertyName("tags");
    }
}
