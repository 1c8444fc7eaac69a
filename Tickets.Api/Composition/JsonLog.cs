using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Tickets.Api.Composition;

/// <summary>
/// A JSON object for each fact, with what it is about as properties and the trace it belongs to (W3C Trace Context). As in
/// <see cref="PlainLog"/> no secret is in it.
/// </summary>
internal sealed class JsonLog(ServiceOptions options) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "json-lines";

    private const string Template = "{OriginalFormat}";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", DateTimeOffset.UtcNow);
            json.WriteString("level", logEntry.LogLevel.ToString().ToLowerInvariant());
            json.WriteString("category", logEntry.Category);
            json.WriteNumber("event_id", logEntry.EventId.Id);
            json.WriteString("message", options.Secrets.Apply(logEntry.Formatter(logEntry.State, logEntry.Exception)));
            if (logEntry.Exception is { } exception)
            {
                json.WriteString("exception", options.Secrets.Apply(options.LogLevel <= LogLevel.Debug ? exception.ToString() : PlainLog.Causes(exception)));
            }

            if (Activity.Current is { } activity)
            {
                json.WriteString("trace_id", activity.TraceId.ToHexString());
                json.WriteString("span_id", activity.SpanId.ToHexString());
            }

            WriteProperties(json, logEntry.State as IReadOnlyCollection<KeyValuePair<string, object?>> ?? []);
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private void WriteProperties(Utf8JsonWriter json, IReadOnlyCollection<KeyValuePair<string, object?>> state)
    {
        json.WriteStartObject("properties");
        foreach (var (name, value) in state.Where(property => property.Key != Template && property.Value is not null).DistinctBy(property => property.Key))
        {
            json.WriteString(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), options.Secrets.Apply(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? string.Empty));
        }

        json.WriteEndObject();
    }
}
