using Tickets.Handlers.Access;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Access;

/// <summary>
/// Ends a request whose credential is good no more, for answers that go on for as long as the client likes. The client has to sign
/// in again to go on.
/// </summary>
internal sealed partial class CredentialWatch : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly HttpContext _context;
    private readonly Caller _caller;
    private readonly ApiKeyRing _ring;
    private readonly TimeProvider _clock;
    private readonly ILogger<CredentialWatch> _logger;

    private CredentialWatch(HttpContext context, Caller caller)
    {
        (_context, _caller) = (context, caller);
        _ring = context.RequestServices.GetRequiredService<ApiKeyRing>();
        _clock = context.RequestServices.GetRequiredService<TimeProvider>();
        _logger = context.RequestServices.GetRequiredService<ILogger<CredentialWatch>>();
    }

    /// <summary>Watches a request until it ends. Where nobody signs in there is nothing to watch.</summary>
    public static void Begin(HttpContext context)
    {
        if (Caller.Of(context) is { } caller)
        {
            var watch = new CredentialWatch(context, caller);
            context.Response.RegisterForDispose(watch);
            _ = watch.RunAsync();
        }
    }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task RunAsync()
    {
        var ended = _ended.Token;
        using var timer = new PeriodicTimer(ApiKeyRing.Freshness, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                if (!await IsGoodAsync() && !ended.IsCancellationRequested)
                {
                    _context.Abort();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The request has ended by itself.
        }
#pragma warning disable CA1031 // Whatever it is, nobody looks at the credential any more, and it may be revoked.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!ended.IsCancellationRequested)
            {
                LogUnwatched(_logger, _caller.Credential, e);
                _context.Abort();
            }
        }
    }

    private async Task<bool> IsGoodAsync()
    {
        try
        {
            return !(_caller.ExpiresAt <= _clock.GetUtcNow()) && (_caller.Key is null || await _ring.FindAsync(_caller.Key) is not null);
        }
        catch (Exception e) when (StorageFaults.MayPass(e))
        {
            // It can't be told now. The next look can.
            return true;
        }
    }

    [LoggerMessage(1051, LogLevel.Error, "The credential {Credential} can no longer be watched; its stream of events is ended")]
    private static partial void LogUnwatched(ILogger logger, string credential, Exception fault);
}
