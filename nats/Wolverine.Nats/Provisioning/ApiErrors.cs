using NATS.Client.JetStream.Models;

namespace Wolverine.Nats.Provisioning;

/// <summary>What JetStream's API answers mean (errors.json of nats-server).</summary>
internal static class ApiErrors
{
    public const int ConsumerNotFound = 10014;
    public const int StreamNotFound = 10059;

    private const int NoSuitablePeers = 10005;
    private const int ConsumerNotMade = 10012;
    private const int InvalidConfiguration = 10052;
    private const int UpdateNotPossible = 10069;
    private const int ReplicasWithoutCluster = 10074;

    /// <summary>Whether the request itself is wrong, so that the same one fails for ever.</summary>
    public static bool IsMisfit(ApiError error) => error.ErrCode switch
    {
        NoSuitablePeers => false,

        // Whatever keeps a consumer from being made or changed has this code; these words are of what never changes.
        ConsumerNotMade => error.Description?.Contains("can not be updated", StringComparison.Ordinal) == true,
        InvalidConfiguration or UpdateNotPossible or ReplicasWithoutCluster => true,
        _ => error.Code == 400,
    };
}
