using JasperFx.Descriptors;
using Microsoft.Extensions.Logging;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Persistence.Durability.ScheduledMessageManagement;
using Wolverine.Runtime;
using Wolverine.Runtime.Agents;

namespace Tickets.Handlers.Storage.Messages;

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

    /// <summary>Made by the container.</summary>
    public SqliteMessageStore(
        SqliteDatabase database, GroupCommitter committer, Migrator migrator, WolverineOptions options, TimeProvider clock)
    {
        _database = database;
        _clock = clock;
        _writer = new StoreWriter(database, committer);
        _incoming = new IncomingQueries(_writer);
        _outbox = new Outbox(_writer, clock);
        _deadLetters = new DeadLetters(_writer, Uri);
        Inbox = new Inbox(_writer, clock, options.Durability);
        Admin = new StoreAdmin(_writer, _incoming, migrator);
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

    /// <inheritdoc/>
    public Task DrainAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public IAgent StartScheduledJobs(IWolverineRuntime runtime)
    {
        var recovery = new Recovery(_incoming, _outbox, _deadLetters, this, runtime, _clock);
        var agent = new DurabilityAgent(Uri, recovery, runtime, runtime.LoggerFactory.CreateLogger<DurabilityAgent>());
        agent.Start();
        return agent;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Envelope>> LoadPageOfGloballyOwnedIncomingAsync(Uri listenerAddress, int limit) =>
        _incoming.FreeAsync(listenerAddress, limit);

    /// <inheritdoc/>
    public Task ReassignIncomingAsync(int ownerId, IReadOnlyList<Envelope> incoming) => _incoming.ClaimAsync(incoming, ownerId);

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
