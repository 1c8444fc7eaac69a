using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Tickets.Tests.Fixtures;

/// <summary>Real HTTP servers on loopback.</summary>
internal static class LoopbackHttp
{
    private const string AnyPort = "http://127.0.0.1:0";

    /// <summary>One that serves what is mapped, on a port that the system chooses while it begins to listen, unless the address is given.</summary>
    public static async Task<WebApplication> ServeAsync(Action<WebApplication> map, string address = AnyPort)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add(address);
        map(app);
        await app.StartAsync();
        return app;
    }

    /// <summary>Where it listens.</summary>
    public static Uri Address(this WebApplication app) => new(app.Urls.Single());
}
