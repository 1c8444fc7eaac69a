using System.Net;
using System.Net.Sockets;
using JasperFx;
using JasperFx.CommandLine;
using Microsoft.AspNetCore.Connections;
using Tickets.Api.Access;
using Tickets.Api.Admission;
using Tickets.Api.Cluster;
using Tickets.Api.CommandLine;
using Tickets.Api.Commands;
using Tickets.Api.Composition;
using Tickets.Api.DeadLetters;
using Tickets.Api.Description;
using Tickets.Api.Diagnostics;
using Tickets.Api.Events;
using Tickets.Api.Explaining;
using Tickets.Api.Lifecycle;
using Tickets.Api.NatsApi;
using Tickets.Api.Routes;
using Tickets.Handlers;
using Tickets.Handlers.Notifications;
using Tickets.Handlers.Retention;
using Tickets.Handlers.Storage;
using Wolverine;
using Wolverine.Persistence.Durability;

if ((Serving.Fault(args) ?? NumericFlags.Fault(args)) is { } fault)
{
    await Console.Error.WriteLineAsync($"FAIL  {fault}");
    return 1;
}

var serves = Serving.IsAskedFor(args);
ServiceOptions options;
try
{
    options = ServiceOptions.FromEnvironment().For(args);
}
catch (ConfigurationException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

MaskedWriter.Install(options.Secrets);

// Settings are read once, at start: no file is watched for changes.
Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");

// The slim one: TLS ends at a proxy, and there is neither IIS nor QUIC.
var builder = WebApplication.CreateSlimBuilder(args);

// What a word of the command line does beside the service must not want its port. A section Kestrel of the configuration would open
// others, of which the rules of access know nothing.
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Configure();
    kestrel.Listen(options.Host, serves ? options.Port : 0);
});
builder.Services.AddSingleton(options);
builder.AddLogging(options, serves);

if (!serves)
{
    builder.HideConfiguration();
}

// What decides and stores
builder.Services.AddSingleton(new OutboxLimit(options.Capacity.Outbox));
builder.Services.AddTicketHandlers(options.Storage, options.Notifications, options.Retention);
if (options.StockDesign)
{
    builder.Services.WorkOneByOne();
}

// What travels. Wolverine's search for extensions would load every library of the folder, used or not.
builder.Services.AddWolverine(ExtensionDiscovery.ManualOnly, wolverine => wolverine.AddMessaging(options));
builder.Services.AddHostedService<HandlerWarmUp>();
if (options.Does(ServiceRole.Commands))
{
    // Behind Wolverine: it asks NATS at once.
    builder.Services.AddHostedService<RetentionService>();
}

builder.Services.AddCommands();
builder.Services.AddDeadLetters();
if (options.Does(ServiceRole.Api))
{
    builder.Services.AddEventFeed();
    builder.Services.AddNatsApi();
    builder.Services.AddApiDescription();
}

builder.Services.AddLifecycle(options, serves);

// What is asked for
builder.Services.AddHttpApi();
builder.Services.AddAccess(options.Access);
builder.Services.AddAdmission(options);
builder.Services.AddHealth();
builder.Services.AddDiagnostics();
builder.Services.AddExplaining();
builder.Services.AddCluster(serves);
builder.Services.AddServiceMetrics(options);
builder.Services.AddServiceTracing(options);

// Says that packages have nothing to add to the services; else their search for commands is told line by line.
new CommandFactory().ApplyExtensions(builder.Services);

var app = builder.Build();

// Made before Wolverine's runtime, and so disposed after it.
app.Services.GetRequiredService<IMessageStore>();

app.UseHeadRequests();
app.UseRouting();
app.UseStopLimit();
app.UseCorrelation();
app.UseCaching(options.TenantHeader);
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseClosedService();
app.UseAccess(options.Access);
app.MapHealth();
app.MapPrometheusScrapingEndpoint("/metrics").Needs(Scopes.Metrics);
if (options.Does(ServiceRole.Api))
{
    app.UseRateLimits();
    app.UseAdmission();
    app.UseKnownParameters();
    app.MapTickets();
    app.MapComments();
    app.MapRecords();
    app.MapEvents();
    app.MapOperations();
    app.MapDeadLetters();
    app.MapApiDescription();
}

try
{
    if (!serves)
    {
        return await app.RunJasperFxCommands(args);
    }

    UnknownSettings.Tell(options, app.Logger);
    app.Services.GetRequiredService<NotificationTemplates>();
    var start = app.Services.GetRequiredService<ServiceStart>();
    await app.RunAsync();
    return start.Report();
}
catch (IOException e) when (e.InnerException is AddressInUseException)
{
    await Console.Error.WriteLineAsync($"http://{new IPEndPoint(options.Host, options.Port)} is in use by another process; stop that one, or set PORT to another.");
    return 1;
}
catch (SocketException e) when (serves)
{
    await Console.Error.WriteLineAsync(
        $"http://{new IPEndPoint(options.Host, options.Port)} can't be listened on: {e.Message}; set HOST to an address of this machine, and PORT to one that this user may take.");
    return 1;
}
catch (TemplateException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
