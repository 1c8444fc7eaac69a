using JasperFx.Descriptors;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Persistence.Durability.ScheduledMessageManagement;
using Wolverine.Runtime;
using Wolverine.Runtime.Agents;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>
/// Wolverine's message store in a SQLite file of one process. All writes go through the <see cref="GroupCommitter"/>,
/// so the delete of what was sent joins the commit of what comes next.
/// </summary>
public sealed class SqliteMessageStore : IMessageStore
{
    private readonly SqliteDatabase _database;
    private readonly StoreWriter _writer;
    private readonly IncomingQueries _incoming;
    private readonly Outbox _outbox;
    private readonly DeadLetters _deadLetters;
    private readonly TimeProvider _clock;
    private DurabilityAgent? _agent;

    /// <summary>Made by the container.</summary>
    public SqliteMessageStore(
        SqliteDatabase database, GroupCommitter committer, IMigrator migrator, WolverineOptions options, TimeProvider clock)
    {
        _database = database;
        _clock = clock;
        _writer = new StoreWriter(database, committer);
        _incoming = new IncomingQueries(_writer);
        _outbox = new Outbox(_writer, clock);
        _deadLetters = new DeadLetters(_writer, Uri);
        Inbox = new Inbox(_writer, clock, options.Durability);
        Admin = new StoreAdmin(_writer, _incoming, migrator, clock);
        ScheduledMessages = new ScheduledMessages(_writer, Uri);
    }

    /// <inheritdoc/>
    public MessageStoreRole Role { get; private set; } = MessageStoreRole.Main;

    /// <inheritdoc/>
    public List<string> TenantIds { get; } = [];

    /// <inheritdoc/>
    public Uri Uri { get; } = new("wolverinedb://sqlite/main");

    /// <inheritdoc/>
    public bool HasDisposed => _writer.HasDisposed;

    /// <inheritdoc/>
    public IMessageInbox Inbox { get; }

    /// <inheritdoc/>
    public IMessageOutbox Outbox => _outbox;

    /// <inheritdoc/>
    public INodeAgentPersistence Nodes { get; } = new SoloNodes();

    /// <inheritdoc/>
    public IListenerStore Listeners => NullListenerStore.Instance;

    /// <inheritdoc/>
    public IMessageStoreAdmin Admin { get; }

    /// <inheritdoc/>
    public IDeadLetters DeadLetters => _deadLetters;

    /// <inheritdoc/>
    public IScheduledMessages ScheduledMessages { get; }

    /// <inheritdoc/>
    public string Name => "sqlite";

    /// <inheritdoc/>
    public void Initialize(IWolverineRuntime runtime)
    {
    }

    /// <inheritdoc/>
    public DatabaseDescriptor Describe() => new(this) { Engine = "sqlite", ServerName = "file", DatabaseName = _database.Path };

    /// <summary>Ends the recovery; nothing is taken up any more.</summary>
    public Task DrainAsync() => _agent?.StopAsync(CancellationToken.None) ?? Task.CompletedTask;

    /// <summary>Starts the recovery, which does its first round once the host has started.</summary>
    public IAgent StartScheduledJobs(IWolverineRuntime runtime)
    {
        _writer.ThrowIfDisposed();
        var recovery = new Recovery(_incoming, _outbox, _deadLetters, this, runtime, _clock);
        _agent = new DurabilityAgent(Uri, recovery, runtime);
        _agent.Start();
        return _agent;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Envelope>> LoadPageOfGloballyOwnedIncomingAsync(Uri listenerAddress, int limit) =>
        _incoming.FreeAsync(listenerAddress, limit);

    /// <inheritdoc/>
    public Task ReassignIncomingAsync(int ownerId, IReadOnlyList<Envelope> incoming) => _incoming.AssignAsync(incoming, ownerId);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Envelope>> TryClaimIncomingAsync(int ownerId, IReadOnlyList<Envelope> incoming) =>
        _incoming.ClaimAsync(incoming, ownerId, _clock.GetUtcNow());

    /// <inheritdoc/>
    public void PromoteToMain(IWolverineRuntime runtime) => Role = MessageStoreRole.Main;

    /// <inheritdoc/>
    public void DemoteToAncillary() => Role = MessageStoreRole.Ancillary;

    /// <summary>Every later call throws.</summary>
    public ValueTask DisposeAsync()
    {
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }
}
