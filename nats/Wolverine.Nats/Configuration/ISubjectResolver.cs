namespace Wolverine.Nats.Configuration;

/// <summary>
/// Shapes subjects from all that an envelope knows: headers, tenant, group. Called from many threads at once. It has to know the answer:
/// when it throws, the message is given up, and an inline sender throws the same.
/// </summary>
public interface ISubjectResolver
{
    /// <summary>The subject to publish to.</summary>
    /// <param name="baseSubject">The subject by endpoint, topic and tenant.</param>
    /// <param name="envelope">The outgoing message.</param>
    string ResolveSubject(string baseSubject, Envelope envelope);

    /// <summary>The tenant that a received message's subject names; null when it names none.</summary>
    string? ExtractTenantId(string subject);
}
