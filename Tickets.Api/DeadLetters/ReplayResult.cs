namespace Tickets.Api.DeadLetters;

/// <summary>How replaying a dead letter ended.</summary>
public abstract record ReplayResult
{
    private ReplayResult()
    {
    }

    /// <summary>Its message is in its stream again.</summary>
    /// <param name="Replay">What has come of the letter now.</param>
    public sealed record Sent(Replay Replay) : ReplayResult;

    /// <summary>Nothing was sent: its message has taken effect already.</summary>
    /// <param name="Replay">What has come of the letter.</param>
    public sealed record Done(Replay Replay) : ReplayResult;

    /// <summary>Nothing was sent, because that would not be safe.</summary>
    /// <param name="Reason">Why, to be read after "it".</param>
    public sealed record Refused(string Reason) : ReplayResult;
}
