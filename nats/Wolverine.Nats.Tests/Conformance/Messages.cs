namespace Wolverine.Nats.Tests.Conformance;

/// <summary>Something to receive. The id tells the messages of one test from those of another.</summary>
public sealed record Note(Guid Id, string Text)
{
    public static Note New(string text = "text") => new(Guid.NewGuid(), text);
}

/// <summary>A note that travels in another format than JSON.</summary>
public sealed record PlainNote(Guid Id);

/// <summary>Answered by what its handler returns.</summary>
public sealed record Question(Guid Id);

/// <summary>The answer to a <see cref="Question"/>.</summary>
public sealed record Answer(Guid Id);

/// <summary>Answered by its handler's own words.</summary>
public sealed record Greeting(Guid Id);

/// <summary>The answer to a <see cref="Greeting"/>.</summary>
public sealed record Reply(Guid Id);

/// <summary>Fails before it succeeds.</summary>
public sealed record Flaky(Guid Id, Trouble Trouble, int Times);

/// <summary>Nobody handles it at the receiver.</summary>
public sealed record Unhandled(Guid Id);

/// <summary>What a <see cref="Flaky"/> throws, and so which policy it meets.</summary>
public enum Trouble
{
    Requeued,
    ScheduledAgain,
    Paused,
    GivenUpAtOnce,
    Unforeseen,
}
