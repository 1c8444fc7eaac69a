namespace Wolverine.Nats.Tests.Scenarios;

/// <summary>A request.</summary>
public sealed record Asked(Guid Id);

/// <summary>Its answer.</summary>
public sealed record Answered(Guid Id);

/// <summary>Answers.</summary>
public static class AskedHandler
{
    public static Answered Handle(Asked asked) => new(asked.Id);
}
