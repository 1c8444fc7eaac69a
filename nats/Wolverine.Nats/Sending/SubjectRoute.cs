namespace Wolverine.Nats.Sending;

/// <summary>Finds the subject of an outgoing message: by endpoint or topic, then tenant, then resolver, then prefix.</summary>
/// <param name="endpoint">Where it is sent.</param>
/// <param name="tenant">Puts the tenant in; null when there is none.</param>
internal sealed class SubjectRoute(NatsEndpoint endpoint, Func<string, string>? tenant = null)
{
    private readonly string? _fixed = IsFixed(endpoint) ? Shape(endpoint, tenant, endpoint.Subject) : null;

    /// <summary>The subject of every message; null when each has its own.</summary>
    public string? Fixed => _fixed;

    /// <exception cref="InvalidSubjectException">It is none that can be published to.</exception>
    public string Of(Envelope envelope)
    {
        if (_fixed is not null)
        {
            return _fixed;
        }

        var subject = endpoint.SubjectOf is { } choose ? endpoint.Transport.Normalize(choose(envelope))
            : envelope.TopicName is { Length: > 0 } topic ? endpoint.Transport.Normalize(topic)
            : endpoint.Subject;
        subject = tenant is null ? subject : tenant(subject);
        if (endpoint.Transport.Configuration.SubjectResolver is { } resolver)
        {
            subject = endpoint.Transport.Normalize(resolver.ResolveSubject(subject, envelope));
        }

        return NatsSubject.Publishable(endpoint.Transport.Qualify(subject));
    }

    private static bool IsFixed(NatsEndpoint endpoint) => endpoint.IsInbox
        || (!endpoint.ChoosesSubjects && endpoint.Transport.Configuration.SubjectResolver is null);

    private static string Shape(NatsEndpoint endpoint, Func<string, string>? tenant, string subject) =>
        NatsSubject.Publishable(endpoint.Transport.Qualify(tenant is null || endpoint.IsInbox ? subject : tenant(subject)));
}
