using NATS.Client.JetStream;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Backups;

/// <summary>Looks for what a restoration must not come between: a service that runs, and what streams and database hold.</summary>
/// <param name="jetStream">Where the streams are.</param>
/// <param name="database">The database.</param>
internal sealed class ServiceActivity(INatsJSContext jetStream, IDatabaseBackup database)
{
    private const int StreamNotFound = 10059;

    // Those that nobody can do without: one that has none of them has nothing.
    private static readonly string[] Tables = ["tickets", "ledger", "audit", "api_keys"];

    /// <summary>Which service runs, in words; null when none does.</summary>
    public async Task<string?> RunningAsync()
    {
        if (await database.UserAsync(CancellationToken.None) is { } user)
        {
            return user;
        }

        foreach (var stream in BackupManifest.Order)
        {
            if (await FindAsync(stream) is null)
            {
                continue;
            }

            await foreach (var consumer in jetStream.ListConsumersAsync(stream))
            {
                if (consumer.Info.NumWaiting > 0)
                {
                    return $"{stream}/{consumer.Info.Name} has {consumer.Info.NumWaiting} pull requests waiting";
                }
            }
        }

        return null;
    }

    /// <summary>What there is that would be lost, in words.</summary>
    public async Task<IReadOnlyList<string>> ContentAsync()
    {
        List<string> found = [];
        foreach (var stream in BackupManifest.Order)
        {
            if (await FindAsync(stream) is { Info.State.Messages: > 0 and var messages })
            {
                found.Add($"{stream} with {messages} messages");
            }
        }

        if (await database.HasRowsAsync(Tables, CancellationToken.None))
        {
            found.Add("a database that is not empty");
        }

        return found;
    }

    /// <summary>The stream; null when there is none.</summary>
    public async Task<INatsJSStream?> FindAsync(string stream)
    {
        try
        {
            return await jetStream.GetStreamAsync(stream);
        }
        catch (NatsJSApiException e) when (e.Error.ErrCode == StreamNotFound)
        {
            return null;
        }
    }
}
