using System.Text;

namespace Tickets.Api.DeadLetters;

/// <summary>A dead letter with all that is known of it.</summary>
/// <param name="Letter">In short.</param>
/// <param name="Headers">The headers that its message had.</param>
/// <param name="Body">The body as text; null when it is none.</param>
/// <param name="BodyBase64">The body, when it is no text.</param>
/// <param name="NotReplayable">Why it can't be replayed, to be read after "it"; null when it can.</param>
/// <param name="Replay">What has come of it; null when nothing can be known of that.</param>
internal sealed record LetterView(
    LetterSummary Letter, IReadOnlyDictionary<string, string> Headers, string? Body, byte[]? BodyBase64, string? NotReplayable, ReplayView? Replay)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static LetterView Of(Letter letter, Replay? replay, string? fault)
    {
        var text = TextOf(letter.Body ?? []);
        return new LetterView(
            LetterSummary.Of(letter),
            new Dictionary<string, string>(ReplaySender.Originals(letter)),
            text,
            text is null ? letter.Body : null,
            fault,
            replay is null ? null : ReplayView.Of(replay));
    }

    private static string? TextOf(byte[] body)
    {
        try
        {
            return Strict.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            // A stranger may send anything.
            return null;
        }
    }
}
