using FluentValidation;
using Tickets.Contracts.Commands;

namespace Tickets.Handlers;

/// <summary>The rules of a comment, for HTTP and NATS alike.</summary>
public sealed class CommentOnTicketValidator : AbstractValidator<CommentOnTicket>
{
    /// <summary>The one instance; it has no state.</summary>
    public static readonly CommentOnTicketValidator Instance = new();

    private CommentOnTicketValidator()
    {
        this.Target();
        RuleFor(x => x.Author).Name().OverridePropertyName("author");
        RuleFor(x => x.Body)
            .Must(body => !string.IsNullOrWhiteSpace(body)).WithMessage("is required")
            .Text().OverridePropertyName("body");
    }
}
