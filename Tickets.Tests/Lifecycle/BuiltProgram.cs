using System.Net;
using System.Net.Http.Json;
using NatsServers;
using Tickets.Faults.Systems;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Lifecycle;

/// <summary>The program as <c>./tickets run</c> builds it, which writes and compiles the code around its handlers at start.</summary>
public sealed class BuiltProgram
{
    [Fact]
    public async Task it_serves_without_code_that_was_generated_before()
    {
        await using var nats = await NatsServer.StartAsync();
        using var folder = new TemporaryFolder();
        var port = FreePort.Next();
        var settings = new Dictionary<string, string?>
        {
            ["NATS_URL"] = nats.Url,
            ["PORT"] = port.ToString(provider: null),
            ["DATABASE_URL"] = $"sqlite:{folder.File("tickets.db")}",
        };
        using var service = new ServiceProcess(new Uri($"http://127.0.0.1:{port}"), Repository.BuiltProgram, settings);
        await service.StartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tickets") { Content = JsonContent.Create(new { title = "Printer on fire", created_by = "ada" }) };
        request.Headers.Add("X-Tenant-ID", "acme");
        using var answer = await service.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        await service.StopAsync();
    }
}
