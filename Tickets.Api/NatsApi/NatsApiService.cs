using System.Diagnostics;
using System.Reflection;
using FluentValidation;
using NATS.Client.Core;
using NATS.Client.Services;
using Tickets.Api.Admission;
using Tickets.Api.Routes;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.NatsApi;

/// <summary>
/// Answers <c>ticket.api.{tenant}.{verb}</c> by the NATS services protocol (ADR-32): found by <c>$SRV.INFO</c>, shared by
/// all processes.
/// </summary>
internal sealed partial class NatsApiService(
    TicketApi api, Capacity capacity, ShedRequests shed, IWolverineRuntime runtime, ILogger<NatsApiService> logger) : IHostedService
{
    private const string Name = "tickets";
    private const string StatusHeader = "Status";

    // Those that are being refused. What has a place, or waits for one, must not keep them from their answer.
    private const int RefusedAtOnce = 1024;

    private static readonly ActivitySource Activities = new("Tickets.NatsApi");

    private readonly int _mostAtOnce = capacity.MostAtOnce + RefusedAtOnce;
    private readonly SemaphoreSlim _room = new(capacity.MostAtOnce + RefusedAtOnce);
    private readonly Dictionary<string, AnswerTimes> _times = ApiEndpoints.All.ToDictionary(endpoint => endpoint.Verb, _ => new AnswerTimes());
    private readonly CancellationTokenSource _stopping = new();
    private INatsSvcServer? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var version = typeof(NatsApiService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        var context = new NatsSvcContext(runtime.Options.NatsTransport().Connection);
        _server = await context.AddServiceAsync(
            new NatsSvcConfig(Name, version) { Description = "Tickets of many tenants", QueueGroup = Name, StatsHandler = endpoint => _times[endpoint.Name].Tell() },
            cancellationToken);
        foreach (var endpoint in ApiEndpoints.All)
        {
            await _server.AddEndpointAsync<byte[]>(
                message => TakeAsync(endpoint, message),
                endpoint.Verb,
                endpoint.Subject,
                metadata: new Dictionary<string, string> { ["description"] = endpoint.Summary },
                cancellationToken: cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
        {
            await _server.StopAsync(cancellationToken);
        }

        // Whoever asked before is still answered, as long as the host has time.
        for (var i = 0; i < _mostAtOnce; i++)
        {
            await _room.WaitAsync(cancellationToken);
        }

        await _stopping.CancelAsync();
    }

    // An endpoint takes one message at a time; who waits for an outcome must not hold up the next.
    private async ValueTask TakeAsync(ApiEndpoint endpoint, NatsSvcMsg<byte[]> message)
    {
        if (!ReplySubject.IsSafe(message.ReplyTo))
        {
            LogSteered(logger, message.Subject, message.ReplyTo);
            return;
        }

        var started = Stopwatch.GetTimestamp();
        await _room.WaitAsync(_stopping.Token);
        _ = Task.Run(async () =>
        {
            try
            {
                await AnswerAsync(endpoint, message);
            }
            finally
            {
                _times[endpoint.Verb].Add(Stopwatch.GetElapsedTime(started));
                _room.Release();
            }
        });
    }

    private async Task AnswerAsync(ApiEndpoint endpoint, NatsSvcMsg<byte[]> message)
    {
        try
        {
            var answer = await AnswerOfAsync(endpoint, message);
            try
            {
                await ReplyAsync(message, answer);
            }
            catch (NatsPayloadTooLargeException)
            {
                await ReplyAsync(message, ApiProblems.AnswerTooLarge(endpoint));
            }
        }
        catch (NatsException e)
        {
            LogUnanswered(logger, e, message.Subject);
        }
    }

    private static ValueTask ReplyAsync(NatsSvcMsg<byte[]> message, ApiAnswer answer)
    {
        var body = System.Text.Encoding.UTF8.GetBytes(answer.Json);
        var headers = new NatsHeaders { [StatusHeader] = $"{answer.Status}" };
        return answer.Status >= CommandOutcome.FirstRefusal
            ? message.ReplyErrorAsync(answer.Status, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(answer.Status), body, headers)
            : message.ReplyAsync(body, headers);
    }

    private async Task<ApiAnswer> AnswerOfAsync(ApiEndpoint endpoint, NatsSvcMsg<byte[]> message)
    {
        var parent = message.Headers is { } headers && headers.TryGetLastValue(CommandHeaders.TraceParent, out var value) ? value : null;
        var kind = ApiEndpoints.Commands.Contains(endpoint) ? RequestKind.Write : RequestKind.Read;
        using var activity = Activities.StartActivity($"{endpoint.Verb} {Name}", ActivityKind.Server, parent);
        try
        {
            // The client leaves out the body of such a request; the key among the headers may be gone as well.
            if (message.Exception is not null)
            {
                throw new RefusedException(ProblemCodes.ValidationFailed, "headers", "must be lines of the form 'Name: value', with no blank in a name");
            }

            using var place = await capacity.EnterAsync(kind, _stopping.Token);
            if (!place.IsAcquired)
            {
                shed.Count(kind);
                return ApiProblems.Overloaded();
            }

            return await api.AnswerAsync(endpoint, ApiRequest.Of(message.Subject, message.Data, message.Headers), _stopping.Token);
        }
        catch (Exception e) when (e is RefusedException or InvalidQueryException or System.Text.Json.JsonException or ValidationException)
        {
            return ApiProblems.Of(e);
        }
#pragma warning disable CA1031 // Whoever asked gets an answer, whatever happened.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(logger, e, message.Subject);
            return ApiProblems.Of(e);
        }
    }

    [LoggerMessage(1030, LogLevel.Error, "A request on {Subject} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string subject);

    [LoggerMessage(1032, LogLevel.Warning, "A request on {Subject} was dropped: its answer would go to {ReplyTo}, which is no inbox of up to 255 characters")]
    private static partial void LogSteered(ILogger logger, string subject, string? replyTo);

    [LoggerMessage(1031, LogLevel.Warning, "A request on {Subject} could not be answered")]
    private static partial void LogUnanswered(ILogger logger, Exception exception, string subject);
}
