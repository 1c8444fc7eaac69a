using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Diagnostics;

/// <summary>
/// Unhealthy while commits fail, for instance on a full disk, and while the database can't be reached. What it says holds for a second,
/// and who asks meanwhile waits for the same answer: however many probe, the database is asked once a second at most.
/// </summary>
public sealed class DatabaseHealthCheck(GroupCommitter committer, Database database, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private Task<string?> _answer = Task.FromResult<string?>(null);
    private long? _asked;

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        !committer.Healthy ? HealthCheckResult.Unhealthy("the database can't be written")
        : await Fault().WaitAsync(cancellationToken) is { } fault ? HealthCheckResult.Unhealthy(fault)
        : HealthCheckResult.Healthy();

    private Task<string?> Fault()
    {
        lock (_gate)
        {
            if (_asked is not { } asked || (_answer.IsCompleted && clock.GetElapsedTime(asked) >= Validity))
            {
                _asked = clock.GetTimestamp();
                _answer = AskAsync();
            }

            return _answer;
        }
    }

    // No caller ends what others wait for.
    private async Task<string?> AskAsync()
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        try
        {
            return await database.FaultAsync(limit.Token) is { } fault ? $"the database can't be reached: {fault}" : null;
        }
        catch (OperationCanceledException)
        {
            return "the database does not answer";
        }
    }
}
