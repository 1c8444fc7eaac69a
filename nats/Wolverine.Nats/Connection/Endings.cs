using NATS.Client.Core;

namespace Wolverine.Nats.Connection;

/// <summary>Ends what the client holds, also when the server can't be told of it.</summary>
internal static class Endings
{
    /// <summary>
    /// Disposes of a connection or a subscription. While the server reads nothing, the client waits for its command timeout and then
    /// throws, having let go of what it held; the server forgets its side with the connection.
    /// </summary>
    public static async ValueTask EndAsync(this IAsyncDisposable held)
    {
        try
        {
            await held.DisposeAsync();
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody is left to be told.
        }
    }
}
