using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FluentValidation;
using FluentValidation.Results;
using Tickets.Api.Routes;
using Tickets.Contracts;
using Tickets.Handlers.Units;
using Wolverine;
using Wolverine.Runtime.Serialization;

namespace Tickets.Api.Composition;

/// <summary>
/// Bodies by <see cref="WireJson"/>. Wolverine's own serializer adds a converter to its options, and then none of the code that
/// was generated for writing is used.
/// </summary>
internal sealed class WireSerializer : IMessageSerializer
{
    // The writer escapes what JSON demands and leaves other languages' letters as they are.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _kept;

    private readonly JsonSerializerOptions _options = new();

    public WireSerializer()
    {
        // Messages of Wolverine's own, between the nodes, are not among ours.
        _options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        WireJson.Configure(_options);
        _options.MakeReadOnly();
    }

    public string ContentType => EnvelopeConstants.JsonContentType;

    public byte[] Write(Envelope envelope) => WriteMessage(envelope.Message!);

    public byte[] WriteMessage(object message)
    {
        var (buffer, writer) = _kept ??= New();
        try
        {
            if (message is EventBundle bundle)
            {
                BundleFormat.Write(bundle, buffer, one => Write(one, writer));
            }
            else
            {
                Write(message, writer);
            }

            return buffer.WrittenSpan.ToArray();
        }
        finally
        {
            buffer.ResetWrittenCount();
            writer.Reset();
        }
    }

    private void Write(object message, Utf8JsonWriter writer)
    {
        JsonSerializer.Serialize(writer, message, _options.GetTypeInfo(message.GetType()));
        writer.Flush();
        writer.Reset();
    }

    /// <exception cref="ValidationException">It is a command, and not such JSON. What says so in the words of the JSON reader names types of ours, and strangers read it.</exception>
    /// <exception cref="JsonException">It is one of our own messages, and not such JSON.</exception>
    public object ReadFromData(Type messageType, Envelope envelope)
    {
        var isCommand = WireNames.Verbs.ContainsKey(messageType);
        try
        {
            return JsonSerializer.Deserialize(envelope.Data, isCommand ? RequestJson.Of(messageType) : _options.GetTypeInfo(messageType))
                ?? throw (isCommand ? Refused("body", JsonFault.Missing) : new JsonException("null is not a JSON object."));
        }
        catch (JsonException e) when (isCommand)
        {
            throw Refused(JsonFault.FieldOf(e), JsonFault.MessageOf(e));
        }
    }

    public object ReadFromData(byte[] data) => throw new NotSupportedException("JSON does not tell the type of a message; its envelope does.");

    private static ValidationException Refused(string field, string message) =>
        new($"{field}: {message}", [new ValidationFailure(field, message)]);

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) New()
    {
        var buffer = new ArrayBufferWriter<byte>();
        return (buffer, new Utf8JsonWriter(buffer, Writing));
    }
}
