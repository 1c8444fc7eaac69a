using Wolverine.Runtime.Agents;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>The nodes of a file that only one process may write: there is never another one to know of.</summary>
internal sealed class SoloNodes : INodeAgentPersistence
{
    public Task ClearAllAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<int> PersistAsync(WolverineNode node, CancellationToken cancellationToken) => Task.FromResult(1);

    public Task DeleteAsync(Guid nodeId, int assignedNodeNumber) => Task.CompletedTask;

    public Task<IReadOnlyList<WolverineNode>> LoadAllNodesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<WolverineNode>>([]);

    public Task PersistAgentRestrictionsAsync(IReadOnlyList<AgentRestriction> restrictions, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task<NodeAgentState> LoadNodeAgentStateAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new NodeAgentState([], new AgentRestrictions([])));

    public Task AssignAgentsAsync(Guid nodeId, IReadOnlyList<Uri> agents, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RemoveAssignmentAsync(Guid nodeId, Uri agentUri, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task AddAssignmentAsync(Guid nodeId, Uri agentUri, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> TryClaimAssignmentAsync(Guid nodeId, Uri agentUri, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<WolverineNode?> LoadNodeAsync(Guid nodeId, CancellationToken cancellationToken) => Task.FromResult<WolverineNode?>(null);

    public Task<bool> MarkHealthCheckAsync(WolverineNode node, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task ReregisterNodeAsync(WolverineNode node, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task OverwriteHealthCheckTimeAsync(Guid nodeId, DateTimeOffset lastHeartbeatTime) => Task.CompletedTask;

    public Task LogRecordsAsync(params NodeRecord[] records) => Task.CompletedTask;

    public Task<IReadOnlyList<NodeRecord>> FetchRecentRecordsAsync(int count) => Task.FromResult<IReadOnlyList<NodeRecord>>([]);

    public bool HasLeadershipLock() => true;

    public Task<bool> TryAttainLeadershipLockAsync(CancellationToken token) => Task.FromResult(true);

    public Task ReleaseLeadershipLockAsync() => Task.CompletedTask;
}
