using FluentValidation;
using Tickets.Contracts.Commands;

namespace Tickets.Handlers;

/// <summary>The rules that several commands share. Names are those of the JSON.</summary>
internal static class TicketRules
{
    private const string Unstorable = "must not hold U+0000";
    private const string Controls = "must not hold control characters";

    /// <summary>A command to a ticket names it, and asks for no version that can't be.</summary>
    public static void Target<T>(this AbstractValidator<T> validator)
        where T : ITicketCommand
    {
        validator.RuleFor(x => x.TicketId).NotNull().WithMessage("is required").OverridePropertyName("ticket_id");
        validator.RuleFor(x => x.IfVersion).GreaterThan(0).WithMessage("must be 1 or more").OverridePropertyName("if_version");
    }

    public static IRuleBuilderOptions<T, string?> Name<T>(this IRuleBuilder<T, string?> rule, Func<T, bool>? when = null) => rule
        .Must((x, name) => !Applies(x, when) || !string.IsNullOrWhiteSpace(name)).WithMessage("is required")
        .Must(name => name is null || IsAtMost(TicketLimits.LongestName, name.Trim())).WithMessage($"must have at most {TicketLimits.LongestName} characters")
        .Must(IsText).WithMessage(Controls);

    public static IRuleBuilderOptions<T, string?> OptionalName<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(name => name is null || Fits(TicketLimits.LongestName, name))
        .WithMessage($"must have 1 to {TicketLimits.LongestName} characters")
        .Must(IsText).WithMessage(Controls);

    public static IRuleBuilderOptions<T, string?> Text<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => text is null || IsAtMost(TicketLimits.LongestText, text)).WithMessage($"must have at most {TicketLimits.LongestText} characters")
        .Must(IsStorable).WithMessage(Unstorable);

    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> Tags<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule) => rule
        .Must(tags => tags is null || tags.Distinct(StringComparer.Ordinal).Count() <= TicketLimits.MostTags)
        .WithMessage($"must be at most {TicketLimits.MostTags}")
        .Must(tags => tags is null || tags.All(tag => tag is not null && Fits(TicketLimits.LongestTag, tag)))
        .WithMessage($"must each have 1 to {TicketLimits.LongestTag} characters")
        .Must(tags => tags is null || tags.All(IsText)).WithMessage(Controls);

    /// <summary>Tags as they are stored: trimmed, each once, in the order given.</summary>
    public static IReadOnlyList<string> ToSet(IEnumerable<string>? tags) =>
        [.. (tags ?? []).Select(tag => tag.Trim()).Distinct(StringComparer.Ordinal)];

    private static bool Applies<T>(T command, Func<T, bool>? when) => when is null || when(command);

    // PostgreSQL stores no U+0000, so neither database does.
    private static bool IsStorable(string? text) => text is null || !text.Contains('\0', StringComparison.Ordinal);

    // A name or tag is one line: it ends up in mail headers and log lines. What stands around it is not stored.
    private static bool IsText(string? name) => name is null || !name.Trim().Any(char.IsControl);

    private static bool Fits(int longest, string text) => text.Trim() is { Length: > 0 } trimmed && IsAtMost(longest, trimmed);

    // Characters are those of Unicode (RFC 8259), of which there are never more than of the units that .NET counts.
    private static bool IsAtMost(int longest, string text) => text.Length <= longest || text.EnumerateRunes().Count() <= longest;
}
