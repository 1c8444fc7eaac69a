using System.Buffers;
using System.Text.Json;
using NATS.Client.Core;

namespace Wolverine.Nats.Sending;

/// <summary>A stream's answer to a publish, as far as a publisher needs it (NATS API reference, <c>PubAck</c>).</summary>
/// <param name="Kind">What it says.</param>
/// <param name="ErrorCode">JetStream's own code of an error, <c>err_code</c>.</param>
/// <param name="Description">The error in words.</param>
internal readonly record struct PublishAck(PublishAck.Answer Kind, int ErrorCode = 0, string? Description = null)
{
    /// <summary>What an ack says.</summary>
    public enum Answer
    {
        /// <summary>Nothing came, or nothing that can be read.</summary>
        None,

        /// <summary>The stream has it now.</summary>
        Stored,

        /// <summary>The stream had it already.</summary>
        Duplicate,

        /// <summary>It was refused.</summary>
        Refused,

        /// <summary>Nobody listens on the subject, so no stream that has a leader captures it.</summary>
        NoResponders,
    }

    /// <summary>Reads the JSON of acks.</summary>
    internal sealed class Reader : INatsDeserialize<PublishAck>
    {
        public static readonly Reader Instance = new();

        public PublishAck Deserialize(in ReadOnlySequence<byte> buffer)
        {
            try
            {
                return Read(new Utf8JsonReader(buffer));
            }
            catch (JsonException)
            {
                return default;
            }
        }

        private static PublishAck Read(Utf8JsonReader json)
        {
            var ack = default(PublishAck);
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
                {
                    continue;
                }

                if (json.ValueTextEquals("error"u8))
                {
                    return ReadError(ref json);
                }

                if (json.ValueTextEquals("seq"u8) && ack.Kind == Answer.None)
                {
                    ack = new PublishAck(Answer.Stored);
                }
                else if (json.ValueTextEquals("duplicate"u8))
                {
                    json.Read();
                    ack = json.TokenType == JsonTokenType.True ? new PublishAck(Answer.Duplicate) : ack;
                }
            }

            return ack;
        }

        private static PublishAck ReadError(ref Utf8JsonReader json)
        {
            var (code, description) = (0, (string?)null);
            while (json.Read() && json.CurrentDepth > 0)
            {
                if (json.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (json.ValueTextEquals("err_code"u8))
                {
                    json.Read();
                    code = json.GetInt32();
                }
                else if (json.ValueTextEquals("description"u8))
                {
                    json.Read();
                    description = json.GetString();
                }
                else if (json.CurrentDepth == 1)
                {
                    break;
                }
            }

            return new PublishAck(Answer.Refused, code, description);
        }
    }
}
