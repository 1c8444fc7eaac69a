using System.Diagnostics;
using NATS.Client.Core;

namespace Wolverine.Nats.Provisioning;

/// <summary>
/// Whether streams have a leader. An answer holds for a second, and who asks before it is there waits for the same one: however many
/// probe, a stream is asked for once a second at most.
/// </summary>
internal sealed class StreamLeaders(StreamProvisioner streams)
{
    public const string NoAnswer = "does not answer";

    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<Answer>> _answers = new(StringComparer.Ordinal);

    /// <summary>What is wrong with a stream; null when it has a leader.</summary>
    public async Task<string?> FaultAsync(string stream, CancellationToken cancellation)
    {
        Task<Answer> answer;
        lock (_gate)
        {
            answer = _answers.TryGetValue(stream, out var last) && Holds(last) ? last : _answers[stream] = AskAsync(stream);
        }

        return (await answer.WaitAsync(cancellation)).Fault;
    }

    private static bool Holds(Task<Answer> answer) =>
        !answer.IsCompleted || (answer.IsCompletedSuccessfully && Stopwatch.GetElapsedTime(answer.Result.At) < Validity);

    // No caller ends what others wait for.
    private async Task<Answer> AskAsync(string stream)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await streams.AssertLeaderAsync(stream, limit.Token);
            return new Answer(Fault: null, Stopwatch.GetTimestamp());
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException)
        {
            return new Answer(e is OperationCanceledException ? NoAnswer : e.Message, Stopwatch.GetTimestamp());
        }
    }

    private readonly record struct Answer(string? Fault, long At);
}
