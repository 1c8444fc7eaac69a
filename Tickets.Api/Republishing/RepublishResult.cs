namespace Tickets.Api.Republishing;

/// <summary>What republishing has done.</summary>
/// <param name="Changes">How many changes were read.</param>
/// <param name="Events">How many events were rebuilt from them.</param>
/// <param name="Stored">How many of those the stream has stored.</param>
/// <param name="Recognised">How many the stream has recognised as repeats.</param>
internal readonly record struct RepublishResult(long Changes, long Events, long Stored, long Recognised)
{
    public static RepublishResult operator +(RepublishResult one, RepublishResult other) => new(
        one.Changes + other.Changes, one.Events + other.Events, one.Stored + other.Stored, one.Recognised + other.Recognised);
}
