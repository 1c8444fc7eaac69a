using FluentValidation;
using Tickets.Contracts.Commands;

namespace Tickets.Handlers;

/// <summary>The rules of a new ticket, for HTTP and NATS alike. Names are those of the JSON.</summary>
public sealed class CreateTicketValidator : AbstractValidator<CreateTicket>
{
    private const int LongestName = 200;
    private const int LongestDescription = 20_000;
    private const int MostTags = 20;
    private const int LongestTag = 50;

    /// <summary>The one instance; it has no state.</summary>
    public static readonly CreateTicketValidator Instance = new();

    private CreateTicketValidator()
    {
        RuleFor(x => x.Title)
            .Must(title => !string.IsNullOrWhiteSpace(title)).WithMessage("is required")
            .Must(title => title is null || title.Trim().Length <= LongestName).WithMessage(AtMost(LongestName))
            .OverridePropertyName("title");
        RuleFor(x => x.CreatedBy)
            .Must(name => !string.IsNullOrWhiteSpace(name)).WithMessage("is required")
            .Must(name => name is null || name.Trim().Length <= LongestName).WithMessage(AtMost(LongestName))
            .OverridePropertyName("created_by");
        RuleFor(x => x.Description)
            .MaximumLength(LongestDescription).WithMessage(AtMost(LongestDescription))
            .OverridePropertyName("description");
        RuleFor(x => x.Assignee)
            .Must(name => name is null || name.Trim().Length is > 0 and <= LongestName)
            .WithMessage($"must have 1 to {LongestName} characters")
            .OverridePropertyName("assignee");
        RuleFor(x => x.Tags)
            .Must(tags => tags is null || tags.Distinct(StringComparer.Ordinal).Count() <= MostTags)
            .WithMessage($"must be at most {MostTags}")
            .Must(tags => tags is null || tags.All(tag => tag?.Trim().Length is > 0 and <= LongestTag))
            .WithMessage($"must each have 1 to {LongestTag} characters")
            .OverridePropertyName("tags");
    }

    private static string AtMost(int characters) => $"must have at most {characters} characters";
}
