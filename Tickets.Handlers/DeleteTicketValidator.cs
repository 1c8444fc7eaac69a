using FluentValidation;
using Tickets.Contracts.Commands;

namespace Tickets.Handlers;

/// <summary>The rules of a removal.</summary>
public sealed class DeleteTicketValidator : AbstractValidator<DeleteTicket>
{
    /// <summary>The one instance; it has no state.</summary>
    public static readonly DeleteTicketValidator Instance = new();

    private DeleteTicketValidator() => this.Target();
}
