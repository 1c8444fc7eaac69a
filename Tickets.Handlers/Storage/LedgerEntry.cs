namespace Tickets.Handlers.Storage;

/// <summary>What became of a command.</summary>
/// <param name="Status">Its HTTP status code.</param>
/// <param name="Body">Its JSON body.</param>
/// <param name="Fingerprint">What a request with the same key must ask for; null without a key. Earlier versions look for it in a command's own row.</param>
/// <param name="Decision">By which this very row can be told from one that another delivery has written.</param>
public sealed record LedgerEntry(int Status, string Body, string? Fingerprint = null, Guid? Decision = null)
{
    private const int FirstFailure = 400;
    private const int FirstFault = 500;

    /// <summary>The status of one that was withdrawn, since NATS had not confirmed it (ADR 3).</summary>
    public const int Withdrawn = 503;

    /// <summary>Whether it took effect.</summary>
    public bool TookEffect => Status < FirstFailure;

    /// <summary>Whether it was given up or withdrawn, and not refused: the same may be asked again.</summary>
    public bool IsFault => Status >= FirstFault;

    /// <summary>Whether it was withdrawn.</summary>
    public bool IsWithdrawn => Status == Withdrawn;
}
