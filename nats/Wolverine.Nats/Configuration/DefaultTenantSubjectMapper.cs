namespace Wolverine.Nats.Configuration;

/// <summary>The tenant as the first token: <c>{tenant}.{subject}</c>.</summary>
public sealed class DefaultTenantSubjectMapper : ITenantSubjectMapper
{
    /// <inheritdoc/>
    /// <exception cref="InvalidSubjectException">The tenant is no single token of a subject.</exception>
    public string MapSubject(string baseSubject, string tenantId) =>
        string.IsNullOrEmpty(tenantId) ? baseSubject : $"{NatsSubject.Token(tenantId)}.{baseSubject}";

    /// <inheritdoc/>
    public string? ExtractTenantId(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var end = subject.IndexOf('.', StringComparison.Ordinal);
        return end > 0 ? subject[..end] : null;
    }

    /// <inheritdoc/>
    public string GetSubscriptionPattern(string baseSubject) => $"*.{baseSubject}";
}
