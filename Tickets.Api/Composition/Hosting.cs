using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Tickets.Api.CommandLine;
using Tickets.Api.Lifecycle;
using Tickets.Handlers.Notifications;
using Wolverine.Persistence.Durability;

namespace Tickets.Api.Composition;

/// <summary>The process around the service.</summary>
internal static class Hosting
{
    /// <summary>Begins to build the process.</summary>
    /// <param name="args">Its words.</param>
    /// <param name="options">The settings.</param>
    /// <param name="serves">False for a word of the command line, which must not want the port of the service beside it.</param>
    public static WebApplicationBuilder CreateBuilder(string[] args, ServiceOptions options, bool serves)
    {
        MaskedWriter.Install(options.Secrets);

        // Settings are read once, at start: no file is watched for changes.
        Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");

        // The slim one: TLS ends at a proxy, and there is neither IIS nor QUIC.
        var builder = WebApplication.CreateSlimBuilder(args);

        // A section Kestrel of the configuration would open listeners of which the rules of access know nothing.
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

        return builder;
    }

    /// <summary>Builds it.</summary>
    public static WebApplication BuildService(this WebApplicationBuilder builder)
    {
        var app = builder.Build();

        // Made before Wolverine's runtime, and so disposed after it.
        app.Services.GetRequiredService<IMessageStore>();
        return app;
    }

    /// <summary>Runs the service until it is stopped.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="TemplateException">A template of the notifications can't be used.</exception>
    public static async Task<int> ServeAsync(this WebApplication app, ServiceOptions options)
    {
        UnknownSettings.Tell(options, app.Logger);
        if (options.Notifications.TemplateFolder is not null)
        {
            // What somebody wrote is read now. To read the built-in ones is a tenth of the start, and the log needs none of them.
            app.Services.GetRequiredService<NotificationTemplates>();
        }

        var start = app.Services.GetRequiredService<ServiceStart>();
        var address = $"http://{new IPEndPoint(options.Host, options.Port)}";
        try
        {
            await app.RunAsync();
            return start.Report();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"{address} is in use by another process; stop that one, or set PORT to another.");
        }
        catch (SocketException e)
        {
            await Console.Error.WriteLineAsync(
                $"{address} can't be listened on: {e.Message}; set HOST to an address of this machine, and PORT to one that this user may take.");
        }

        return 1;
    }
}
