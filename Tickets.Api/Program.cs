using Tickets.Api.CommandLine;
using Tickets.Api.Composition;
using Tickets.Api.Lifecycle;
using Tickets.Handlers.Notifications;

if ((Serving.Fault(args) ?? ArgumentCheck.Fault(args)) is { } fault)
{
    await Console.Error.WriteLineAsync($"FAIL  {fault}");
    return 1;
}

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

// What it is made of
var serves = Serving.IsAskedFor(args);
var builder = Hosting.CreateBuilder(args, options, serves);
builder.Services.AddDecisions(options);
builder.Services.AddMessages(options);
builder.Services.AddLifecycle(options, serves);
builder.Services.AddRequests(options);
builder.Services.AddOperation(options, serves);
var app = builder.BuildService();

// How a request goes
app.UseRequestPipeline(options);
app.MapRequests(options);

try
{
    return serves ? await app.ServeAsync(options) : await WordFactory.RunAsync(app, args);
}
catch (TemplateException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
