using System.Text;
using Wolverine.Runtime.Serialization;

namespace Wolverine.Nats.Tests.Conformance;

/// <summary>Writes a <see cref="PlainNote"/> as the text of its id.</summary>
public sealed class PlainTextSerializer : IMessageSerializer
{
    public string ContentType => "text/plain";

    public byte[] Write(Envelope envelope) => WriteMessage(envelope.Message!);

    public byte[] WriteMessage(object message) => Encoding.UTF8.GetBytes(((PlainNote)message).Id.ToString());

    public object ReadFromData(Type messageType, Envelope envelope) => ReadFromData(envelope.Data!);

    public object ReadFromData(byte[] data) => new PlainNote(Guid.Parse(Encoding.UTF8.GetString(data)));
}
