using System.Text.Json.Nodes;
using Tickets.Api.NatsApi;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Wolverine.Nats.Receiving;

namespace Tickets.Api.Description;

/// <summary>
/// Describes all that travels over NATS (AsyncAPI 3.0), from the tables that the code itself goes by: <see cref="WireNames"/>,
/// <see cref="Subjects"/> and <see cref="ApiEndpoints"/>.
/// </summary>
internal sealed class AsyncApi(JsonSchemas schemas)
{
    private const string Tenant = "tenant";
    private const string Outcome = "outcome";

    private readonly JsonObject _channels = [];
    private readonly JsonObject _operations = [];
    private readonly JsonObject _messages = [];

    public JsonObject Describe()
    {
        AddMessage(Outcome, "What became of a command", typeof(CommandOutcome), headers: null);
        AddChannel("replies", address: null, "The inbox that a command names in Reply-To, a subject under _INBOX. of up to 255 characters.", Outcome);
        foreach (var (type, verb) in WireNames.Verbs)
        {
            AddCommand(type, verb);
        }

        foreach (var (type, name) in WireNames.Events)
        {
            AddMessage(name, $"The event {name}", type, EventHeaders());
            AddChannel(name, name, $"Stream {Subjects.EventStream}; CloudEvents 1.0 in NATS binary mode.", name);
            AddOperation($"send.{name}", "send", name, name);
        }

        foreach (var endpoint in ApiEndpoints.All)
        {
            AddEndpoint(endpoint);
        }

        AddDeadLetters();
        return new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Tickets", ["version"] = "v1", ["description"] = "What the ticket service takes and says over NATS." },
            ["defaultContentType"] = "application/json",
            ["channels"] = _channels,
            ["operations"] = _operations,
            ["components"] = new JsonObject { ["messages"] = _messages },
        };
    }

    private void AddCommand(Type type, string verb)
    {
        var id = $"command.{verb}";
        AddMessage(id, $"The command {verb}", type, Headers(
            (CommandHeaders.MessageId, "The command's identity; a repeat changes nothing."),
            (CommandHeaders.Actor, "Who acts, 1 to 200 printable ASCII characters."),
            (CommandHeaders.ReplyTo, "Where the outcome goes: a subject under _INBOX. of up to 255 characters."),
            (CommandHeaders.CorrelationId, "What ties it to all that follows, up to 128 printable ASCII characters without spaces."),
            (CommandHeaders.TraceParent, "W3C Trace Context.")));
        AddChannel(id, Subjects.Command("{tenant}", verb), $"Stream {Subjects.CommandStream}, a work queue. No header is required.", id);
        var operation = AddOperation($"receive.{id}", "receive", id, id);
        operation["reply"] = new JsonObject
        {
            ["address"] = new JsonObject { ["location"] = $"$message.header#/{CommandHeaders.ReplyTo}" },
            ["channel"] = Reference("#/channels/replies"),
            ["messages"] = new JsonArray(Reference($"#/channels/replies/messages/{Outcome}")),
        };
    }

    private void AddEndpoint(ApiEndpoint endpoint)
    {
        var (request, answer) = ($"request.{endpoint.Verb}", $"answer.{endpoint.Verb}");
        AddMessage(request, endpoint.Summary, endpoint.Request, Headers((CommandHeaders.MessageId, "Of all requests with it one takes effect."), (CommandHeaders.Actor, "Who acts, 1 to 200 printable ASCII characters.")));
        AddMessage(answer, $"The answer to {endpoint.Verb}, or a problem", endpoint.Response, Headers(
            ("Status", "The status code, as over HTTP."), ("Nats-Service-Error-Code", "The status code of a problem.")));
        AddChannel(request, Subjects.Request("{tenant}", endpoint.Verb), "NATS services protocol (ADR-32), service tickets.", request);
        AddChannel(answer, address: null, "The inbox of the request.", answer);
        AddOperation($"receive.{request}", "receive", request, request)["reply"] = new JsonObject
        {
            ["channel"] = Reference($"#/channels/{answer}"),
            ["messages"] = new JsonArray(Reference($"#/channels/{answer}/messages/{answer}")),
        };
    }

    private void AddDeadLetters()
    {
        const string id = "dead-letter";
        _messages[id] = new JsonObject
        {
            ["summary"] = "A message that can't be handled, with its body as it came",
            ["headers"] = Headers(
                (DeadLetterHeaders.Reason, "Why."), (DeadLetterHeaders.Subject, "Where it was published."), (DeadLetterHeaders.Stream, "Its stream."),
                (DeadLetterHeaders.Sequence, "Its place there."), (DeadLetterHeaders.Stored, "When that stream took it."),
                (DeadLetterHeaders.MessageId, "The identity that it had."), (DeadLetterHeaders.Consumer, "Who gave it up."),
                (DeadLetterHeaders.Deliveries, "How often it was delivered."), (DeadLetterHeaders.Time, "When it was given up."),
                (DeadLetterHeaders.Dropped, "Which of its headers could not be kept.")),
            ["payload"] = new JsonObject(),
        };
        AddChannel(id, "dlq.ticket.{tenant}.{verb}", $"Stream {Subjects.DeadLetterStream}.", id);
        AddOperation($"send.{id}", "send", id, id);
    }

    private void AddMessage(string id, string summary, Type type, JsonObject? headers)
    {
        var message = new JsonObject { ["name"] = id, ["summary"] = summary, ["payload"] = schemas.Of(type) };
        if (headers is not null)
        {
            message["headers"] = headers;
        }

        _messages[id] = message;
    }

    private void AddChannel(string id, string? address, string description, string message)
    {
        var channel = new JsonObject
        {
            ["address"] = address,
            ["description"] = description,
            ["messages"] = new JsonObject { [message] = Reference($"#/components/messages/{message}") },
        };
        var parameters = new[] { Tenant, "verb" }.Where(name => address?.Contains($"{{{name}}}", StringComparison.Ordinal) == true);
        if (parameters.Any())
        {
            channel["parameters"] = new JsonObject(parameters.Select(name => KeyValuePair.Create<string, JsonNode?>(
                name, new JsonObject { ["description"] = name == Tenant ? TenantName.Rule : "The command." })));
        }

        _channels[id] = channel;
    }

    private JsonObject AddOperation(string id, string action, string channel, string message)
    {
        var operation = new JsonObject
        {
            ["action"] = action,
            ["channel"] = Reference($"#/channels/{channel}"),
            ["messages"] = new JsonArray(Reference($"#/channels/{channel}/messages/{message}")),
        };
        _operations[id] = operation;
        return operation;
    }

    private static JsonObject EventHeaders() => Headers(
        ("ce-specversion", "1.0"), ("ce-id", "The event's identity, also Nats-Msg-Id."), ("ce-type", "The subject."), ("ce-source", "The service."),
        ("ce-subject", "The ticket's id."), ("ce-time", "When."), ("ce-correlationid", "What ties it to the request."), (Tenant, "The tenant."), (CommandHeaders.TraceParent, "W3C Trace Context."));

    private static JsonObject Headers(params (string Name, string Description)[] headers) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(headers.Select(header => KeyValuePair.Create<string, JsonNode?>(
            header.Name, new JsonObject { ["type"] = "string", ["description"] = header.Description }))),
    };

    private static JsonObject Reference(string pointer) => new() { ["$ref"] = pointer };
}
