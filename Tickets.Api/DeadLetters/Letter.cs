using System.Globalization;
using NATS.Client.Core;
using Tickets.Api.Composition;
using Tickets.Contracts;
using Wolverine.Nats.Mapping;
using Wolverine.Nats.Receiving;

namespace Tickets.Api.DeadLetters;

/// <summary>A dead letter as it stands in its stream.</summary>
/// <param name="Sequence">Its place there, from 1.</param>
/// <param name="Time">When it was stored, UTC.</param>
/// <param name="Headers">Those of the message that was given up, and the <see cref="DeadLetterHeaders"/>; null for none.</param>
/// <param name="Body">The message's body; null when only headers were read.</param>
/// <param name="Size">The body's size in bytes.</param>
public sealed record Letter(ulong Sequence, DateTimeOffset Time, NatsHeaders? Headers, byte[]? Body, long Size)
{
    private readonly NatsMessage _message = new(Subjects.DeadLetterStream, Headers);

    /// <summary>What is not to be told.</summary>
    public required SecretMask Secrets { get; init; }

    /// <summary>The subject that the message was published to.</summary>
    public string Subject => Header(DeadLetterHeaders.Subject) ?? string.Empty;

    /// <summary>The stream it was in.</summary>
    public string Stream => Header(DeadLetterHeaders.Stream) ?? string.Empty;

    /// <summary>Its sequence there.</summary>
    public ulong? StreamSequence => Number(DeadLetterHeaders.Sequence);

    /// <summary>When that stream took it, UTC; null in letters of earlier versions.</summary>
    public DateTimeOffset? AcceptedAt =>
        DateTimeOffset.TryParse(Header(DeadLetterHeaders.Stored), CultureInfo.InvariantCulture, out var accepted) ? accepted : null;

    /// <summary>The consumer that gave it up.</summary>
    public string Consumer => Header(DeadLetterHeaders.Consumer) ?? string.Empty;

    /// <summary>How often it was delivered.</summary>
    public ulong? Deliveries => Number(DeadLetterHeaders.Deliveries);

    /// <summary>Why it was given up. A library's exception may have told a secret, which is masked.</summary>
    public string Reason => Secrets.Apply(Header(DeadLetterHeaders.Reason) ?? string.Empty);

    /// <summary>Its <c>Nats-Msg-Id</c>; null when it had none.</summary>
    public string? MessageId => Header(DeadLetterHeaders.MessageId);

    /// <summary>The letter that it is a replay of; null when it is none.</summary>
    public ulong? ReplayOf => Number(CommandHeaders.ReplayOf);

    /// <summary>Whether it is a command; else it is an event that a consumer of ours could not handle.</summary>
    public bool IsCommand => Stream == Subjects.CommandStream && Subject.StartsWith(Subjects.CommandPrefix, StringComparison.Ordinal);

    /// <summary>The identity that it had as a command or event.</summary>
    public Guid Identity => DeliveryIdentity.OfDeadLetter(_message);

    /// <summary>The command that it says it is a replay of; null when it says nothing. <see cref="FirstCommands"/> tells whether that is so.</summary>
    public Guid? SaidFirst => Guid.TryParse(Header(CommandHeaders.ReplayedCommand), out var first) ? first : null;

    /// <summary>Whose it is; null when no valid tenant is named: then it is nobody's but the operators'.</summary>
    public string? Tenant
    {
        get
        {
            var tenant = IsCommand ? Subject.Split('.').ElementAtOrDefault(Subjects.TenantToken) : Header(CloudEventsMapper.TenantHeader);
            return TenantName.IsValid(tenant) ? tenant : null;
        }
    }

    /// <summary>A header's value; null when it is not there.</summary>
    public string? Header(string name) => _message.Header(name);

    private ulong? Number(string header) =>
        ulong.TryParse(Header(header), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
