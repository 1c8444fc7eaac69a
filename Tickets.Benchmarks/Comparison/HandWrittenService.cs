using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Tickets.Benchmarks.Comparison;

/// <summary>
/// What a team writes by hand: <c>POST /tickets</c> stores the ticket and then publishes three events, each confirmed before
/// the next. No outbox: whoever kills it in between loses events. <c>POST /commands</c> only publishes, and answers 202.
/// </summary>
internal static class HandWrittenService
{
    public static async Task RunAsync(string natsUrl, string storage, int port)
    {
        await using IBareRows rows = storage.StartsWith("Host=", StringComparison.Ordinal) ? await PostgreSqlRows.OpenAsync(storage) : new SqliteRows(storage);
        await using var connection = new NatsConnection(NatsOpts.Default with { Url = natsUrl });
        var jetStream = new NatsJSContext(connection);
        await jetStream.CreateStreamAsync(new StreamConfig("HAND", ["ticket.*", "notification.*", "audit.*", "commands.>"]));

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using var app = builder.Build();
        app.MapPost("/tickets", async (HttpContext context) =>
        {
            var ticket = BareTicket.Of(await BodyAsync(context));
            await rows.WriteTicketAsync(ticket);
            for (var i = 0; i < ticket.Events.Count; i++)
            {
                await PublishAsync(jetStream, ticket.Events[i].Subject, ticket.Events[i].Body, BareLimit.IdOf(ticket, i));
            }

            return Results.Text(ticket.Json, "application/json", statusCode: StatusCodes.Status201Created);
        });
        app.MapPost("/commands", async (HttpContext context) =>
        {
            await PublishAsync(jetStream, "commands.bench.create", await BodyAsync(context), Guid.NewGuid());
            return Results.Accepted();
        });
        app.MapGet("/health/ready", () => Results.Ok());
        await app.RunAsync();
    }

    private static async Task PublishAsync(NatsJSContext jetStream, string subject, byte[] body, Guid id) =>
        (await jetStream.PublishAsync(subject, body, opts: new NatsJSPubOpts { MsgId = id.ToString() })).EnsureSuccess();

    private static async Task<byte[]> BodyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}
