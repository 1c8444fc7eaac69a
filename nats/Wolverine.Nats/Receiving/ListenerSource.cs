using NATS.Client.JetStream;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Provisioning;

namespace Wolverine.Nats.Receiving;

/// <summary>One place that a listener's messages come from.</summary>
/// <param name="Broker">The connection.</param>
/// <param name="Filter">The subjects, as the server sees them.</param>
/// <param name="TenantOf">The tenant that a subject names, which wins over any header; null when subjects name none.</param>
/// <param name="Consumer">The durable consumer; null for core NATS.</param>
internal sealed record ListenerSource(
    NatsBroker Broker, string Filter, Func<string, string?>? TenantOf, ConsumerDeclaration? Consumer)
{
    /// <summary>The tenant whose server or account it is; null when it is on the shared connection.</summary>
    public string? Tenant { get; init; }

    /// <summary>Whether a delivery came from here.</summary>
    public bool Delivered(INatsJSMsg<byte[]> delivery) =>
        ReferenceEquals(delivery.Connection, Broker.Connection) && delivery.Metadata!.Value.Consumer == Consumer!.Name;

    /// <summary>Puts the tenant on an envelope that has been mapped.</summary>
    public void ApplyTenant(string subject, Envelope envelope)
    {
        if (TenantOf is not null)
        {
            envelope.TenantId = TenantOf(subject);
        }
    }

    /// <summary>Where it is, for people; no other source of the listener has the same.</summary>
    public override string ToString()
    {
        var place = Consumer is null ? Filter : $"{Consumer.Stream}/{Consumer.Name}";
        return Tenant is null ? place : $"{place} of tenant {Tenant}";
    }
}
