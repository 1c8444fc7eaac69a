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
        /// <summary>Nothing came, or nothing that tells whether the stream has it.</summary>
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

        // Another publish of the same id is on its way to the replicas, and may still fail.
        private const int InProcess = 10158;

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
            var (isAck, isDuplicate, sequence) = (false, false, 0UL);
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

                if (json.ValueTextEquals("seq"u8))
                {
                    json.Read();
                    (isAck, sequence) = (true, json.GetUInt64());
                }
                else if (json.ValueTextEquals("duplicate"u8))
                {
                    json.Read();
                    isDuplicate = json.TokenType == JsonTokenType.True;
                }
            }

            // Servers before 2.10 call a message a duplicate, with no sequence, whose first publish no quorum has agreed to yet, and
            // perhaps never will: the leader notes the id before it asks.
            return !isAck || (isDuplicate && sequence == 0) ? default : new PublishAck(isDuplicate ? Answer.Duplicate : Answer.Stored);
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

            return code == InProcess ? default : new PublishAck(Answer.Refused, code, description);
        }
    }
}
