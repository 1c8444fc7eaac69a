using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NatsServers;
using Wolverine.ErrorHandling;
using Wolverine.Nats.Configuration;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Wolverine.Nats.Tests.Conformance;

/// <summary>A sender and a receiver on one server, in one of the modes that the transport offers.</summary>
public abstract class Pair : IAsyncLifetime
{
    public const string Subject = "conformance.notes";
    public const string PlainSubject = "conformance.plain";
    public const string Stream = "CONFORMANCE";

    public NatsServer Server { get; private set; } = null!;

    public IHost Sender { get; private set; } = null!;

    public IHost Receiver { get; private set; } = null!;

    public Uri Destination => NatsEndpointUri.Subject(Subject);

    public IListeningAgent Listener => Receiver.Services.GetRequiredService<IWolverineRuntime>()
        .Endpoints.ActiveListeners().Single(listener => listener.Uri == Destination);

    public virtual async ValueTask InitializeAsync()
    {
        Server = await NatsServer.StartAsync();
        Receiver = await StartReceiverAsync();
        Sender = await StartAsync("sender", typeof(SenderHandler), options =>
        {
            SendBy(options.PublishAllMessages().ToNatsSubject(Subject));
            SendBy(options.PublishMessage<PlainNote>().ToNatsSubject(PlainSubject)).DefaultSerializer(new PlainTextSerializer());
        });
    }

    public IMessageBus Bus() => Sender.Services.GetRequiredService<IMessageBus>();

    /// <summary>Stops the receiver and starts another in its place.</summary>
    public async Task RestartReceiverAsync(Func<Task> meanwhile)
    {
        await StopAsync(Receiver);
        await meanwhile();
        Receiver = await StartReceiverAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync(Sender);
        await StopAsync(Receiver);
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract NatsSubscriberConfiguration SendBy(NatsSubscriberConfiguration sender);

    protected abstract NatsListenerConfiguration ListenBy(NatsListenerConfiguration listener);

    protected virtual void Declare(NatsTransportExpression nats)
    {
    }

    /// <summary>Wolverine's message store, for the modes that need one.</summary>
    protected virtual void Store(WolverineOptions options, string owner)
    {
    }

    private Task<IHost> StartReceiverAsync() => StartAsync("receiver", typeof(ReceiverHandler), options =>
    {
        options.OnException<TroubleException>(e => e.Trouble == Trouble.Requeued).Requeue(maxAttempts: 5);
        options.OnException<TroubleException>(e => e.Trouble == Trouble.ScheduledAgain).ScheduleRetry(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200));
        options.OnException<TroubleException>(e => e.Trouble == Trouble.Paused).Requeue(maxAttempts: 5).AndPauseProcessing(TimeSpan.FromMilliseconds(500));
        options.OnException<TroubleException>(e => e.Trouble == Trouble.GivenUpAtOnce).MoveToErrorQueue();
        options.AddSerializer(new PlainTextSerializer());
        ListenBy(options.ListenToNatsSubject(Subject)).Named("notes");
        ListenBy(options.ListenToNatsSubject(PlainSubject));
    });

    private async Task<IHost> StartAsync(string name, Type handler, Action<WolverineOptions> configure) => await Host.CreateDefaultBuilder()
        .ConfigureLogging(logging => logging.ClearProviders())
        .UseWolverine(options =>
        {
            options.ServiceName = name;
            options.Durability.Mode = DurabilityMode.Solo;
            options.EnableAutomaticFailureAcks = true;
            options.UnknownMessageBehavior = UnknownMessageBehavior.DeadLetterQueue;
            options.Durability.ScheduledJobPollingTime = TimeSpan.FromMilliseconds(200);
            options.Durability.ScheduledJobFirstExecution = TimeSpan.FromMilliseconds(100);
            options.Discovery.DisableConventionalDiscovery().IncludeType(handler);
            options.Policies.DisableConventionalLocalRouting();
            Store(options, name);
            Declare(options.UseNats(Server.Url));
            configure(options);
        })
        .StartAsync();

    private static async Task StopAsync(IHost host)
    {
        await host.StopAsync();
        host.Dispose();
    }
}
