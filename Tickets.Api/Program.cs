using JasperFx;
using JasperFx.CommandLine;
using Tickets.Api.Commands;
using Tickets.Api.Composition;
using Tickets.Api.DeadLetters;
using Tickets.Api.Description;
using Tickets.Api.Diagnostics;
using Tickets.Api.Events;
using Tickets.Api.NatsApi;
using Tickets.Api.Routes;
using Tickets.Handlers;
using Tickets.Handlers.Notifications;
using Tickets.Handlers.Retention;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.Sqlite;
using Wolverine;
using Wolverine.Nats;
using Wolverine.Persistence.Durability;
using Wolverine.Transports;

var serves = args is [] or ["run"];
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

// Settings are read once, at start: no file is watched for changes.
Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");

var builder = WebApplication.CreateBuilder(args);

// What a word of the command line does beside the service must not want its port.
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.Host, serves ? options.Port : 0));
builder.Services.AddSingleton(options);
builder.AddLogging(options, serves);

// What decides and stores
builder.Services.AddTicketHandlers(options.Storage, options.Notifications, options.Retention);
if (options.Does(ServiceRole.Commands))
{
    builder.Services.AddHostedService<RetentionService>();
}

if (options.StockDesign)
{
    builder.Services.CommitOneByOne();
}

// What travels
builder.UseWolverine(wolverine => wolverine.AddMessaging(options));
builder.Services.AddHostedService<HandlerWarmUp>();
builder.Services.AddCommands();
builder.Services.AddDeadLetters();
if (options.Does(ServiceRole.Api))
{
    builder.Services.AddEventFeed();
    builder.Services.AddNatsApi();
}

// What is asked for
builder.Services.AddHttpApi();
builder.Services.AddApiDescription();
builder.Services.AddHealth();
builder.Services.AddServiceMetrics(options);

// Says that packages have nothing to add to the services; else their search for commands is told line by line.
new CommandFactory().ApplyExtensions(builder.Services);

var app = builder.Build();

// Made before Wolverine's runtime, and so disposed after it.
app.Services.GetRequiredService<IMessageStore>();

app.UseCorrelation();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapHealth();
app.MapPrometheusScrapingEndpoint("/metrics");
if (options.Does(ServiceRole.Api))
{
    app.UseRateLimits();
    app.MapTickets();
    app.MapComments();
    app.MapRecords();
    app.MapEvents();
    app.MapOperations();
    app.MapDeadLetters();
    app.MapApiDescription();
}

app.Lifetime.ApplicationStarted.Register(() => Welcome.Print(app));

try
{
    if (!serves)
    {
        return await app.RunJasperFxCommands(args);
    }

    app.Services.GetRequiredService<NotificationTemplates>();
    if (await NatsReadiness.FaultAsync(app.Services, options) is { } unusable)
    {
        await Console.Error.WriteLineAsync(unusable);
        return 1;
    }

    await app.Services.GetRequiredService<IMigrator>().MigrateAsync(CancellationToken.None);
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is TemplateException or DatabaseInUseException or MigrationException or BrokerInitializationException or NatsConfigurationException)
{
    await Console.Error.WriteLineAsync((e is BrokerInitializationException ? e.GetBaseException() : e).Message);
    return 1;
}
