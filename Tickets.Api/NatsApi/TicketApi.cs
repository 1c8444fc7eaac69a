using System.Text.Json;
using FluentValidation;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Tickets.Api.Commands;
using Tickets.Api.Routes;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Commands;
using Tickets.Handlers;
using Tickets.Handlers.Records;
using Tickets.Handlers.Records.Search;

namespace Tickets.Api.NatsApi;

/// <summary>Answers requests over NATS as the HTTP API would.</summary>
internal sealed class TicketApi(TicketQueries tickets, TicketSearches searches, IdempotentSender commands, IOptions<JsonOptions> json)
{
    private const int Ok = 200;
    private const int Accepted = 202;
    private const int LongestKey = 255;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<Type, IValidator> Validators = new()
    {
        [typeof(CreateTicket)] = CreateTicketValidator.Instance,
        [typeof(UpdateTicket)] = UpdateTicketValidator.Instance,
        [typeof(CommentOnTicket)] = CommentOnTicketValidator.Instance,
        [typeof(DeleteTicket)] = DeleteTicketValidator.Instance,
    };

    /// <exception cref="RefusedException">The request can't be used.</exception>
    /// <exception cref="InvalidQueryException">A parameter of a list can't be used.</exception>
    /// <exception cref="JsonException">The body can't be read.</exception>
    /// <exception cref="ValidationException">The body breaks a rule.</exception>
    public Task<ApiAnswer> AnswerAsync(ApiEndpoint endpoint, ApiRequest request, CancellationToken cancellation) =>
        endpoint == ApiEndpoints.Get ? GetAsync(request, cancellation)
        : endpoint == ApiEndpoints.List ? ListAsync(request, cancellation)
        : SendAsync(endpoint, request, cancellation);

    private async Task<ApiAnswer> GetAsync(ApiRequest request, CancellationToken cancellation)
    {
        var wanted = (TicketReference)Read(request, typeof(TicketReference));
        var id = wanted.TicketId ?? throw new RefusedException(ProblemCodes.ValidationFailed, "ticket_id", "is required");
        return await tickets.FindAsync(request.Tenant, id, cancellation) is { } ticket
            ? new ApiAnswer(Ok, JsonSerializer.Serialize(ticket, WireJson.Default.Ticket))
            : ApiProblems.TicketNotFound(id);
    }

    private async Task<ApiAnswer> ListAsync(ApiRequest request, CancellationToken cancellation)
    {
        var query = TicketQuery.From(BodyQuery.Read(request.Body));
        var page = await searches.FindAsync(request.Tenant, query.Search, cancellation);
        return new ApiAnswer(
            Ok, JsonSerializer.Serialize(new TicketList(page.Tickets, page.Next?.ToString()), json.Value.SerializerOptions));
    }

    private async Task<ApiAnswer> SendAsync(ApiEndpoint endpoint, ApiRequest request, CancellationToken cancellation)
    {
        var command = Read(request, endpoint.Request);
        var validation = await Validators[endpoint.Request].ValidateAsync(new ValidationContext<object>(command), cancellation);
        if (!validation.IsValid)
        {
            throw new ValidationException(validation.Errors);
        }

        var actor = request.Header(CommandHeaders.Actor, CommandHeaders.LongestActor);
        var circumstances = new CommandRequest(request.Tenant, Door.Nats, Wait)
        {
            Actor = actor,
            CorrelationId = request.CorrelationId(),
            Key = request.Header(CommandHeaders.MessageId, LongestKey) is { } key
                ? new IdempotencyKey(request.Tenant, actor ?? string.Empty, $"nats {endpoint.Verb}", key)
                : null,
        };
        return await commands.SendAsync(command, circumstances, cancellation) switch
        {
            CommandResult.Answered { Outcome: var outcome } => new ApiAnswer(outcome.Status, outcome.Body),
            CommandResult.Accepted accepted => new ApiAnswer(Accepted, $$"""{"operation_id":"{{accepted.CommandId}}","status":"pending"}"""),
            CommandResult.InFlight => ApiProblems.InFlight(),
            CommandResult.Unknown => ApiProblems.OutcomeUnknown(),
            CommandResult.TooLarge large => ApiProblems.TooLarge(large),
            CommandResult.Overloaded => ApiProblems.Overloaded(),
            CommandResult.KeyReused => ApiProblems.KeyReused(),
            _ => circumstances.Key is null ? ApiProblems.Unavailable() : ApiProblems.UnavailableForKey(),
        };
    }

    private static object Read(ApiRequest request, Type type) => request.Body.Length == 0
        ? throw new RefusedException(ProblemCodes.ValidationFailed, "body", JsonFault.Missing)
        : JsonSerializer.Deserialize(request.Body, RequestJson.Of(type))
            ?? throw new RefusedException(ProblemCodes.ValidationFailed, "body", JsonFault.Missing);
}
