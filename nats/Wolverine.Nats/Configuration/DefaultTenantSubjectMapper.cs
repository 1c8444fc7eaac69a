namespace Wolverine.Nats.Configuration;

/// <summary>
/// The tenant as the first token, <c>{tenant}.{subject}</c>, or behind a prefix, <c>{prefix}.{tenant}.{subject}</c>. Streams for all tenants
/// need a prefix where the server refuses streams whose subjects may also be its own, as <c>*.orders</c> may be <c>$JS.orders</c>: 2.11 and later do,
/// 2.10 and earlier do not.
/// </summary>
public sealed class DefaultTenantSubjectMapper : ITenantSubjectMapper
{
    private readonly string _prefix;

    /// <summary>The tenant as the first token.</summary>
    public DefaultTenantSubjectMapper() => _prefix = string.Empty;

    /// <summary>The tenant behind a prefix.</summary>
    /// <param name="prefix">One token or more, for instance <c>tenants</c>.</param>
    /// <exception cref="InvalidSubjectException">The prefix is empty, has a wildcard or an empty token.</exception>
    public DefaultTenantSubjectMapper(string prefix) => _prefix = NatsSubject.Publishable(prefix) + '.';

    /// <inheritdoc/>
    /// <exception cref="InvalidSubjectException">The tenant is no single token of a subject.</exception>
    public string MapSubject(string baseSubject, string tenantId) =>
        string.IsNullOrEmpty(tenantId) ? baseSubject : $"{_prefix}{NatsSubject.Token(tenantId)}.{baseSubject}";

    /// <inheritdoc/>
    public string? ExtractTenantId(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (!subject.StartsWith(_prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var end = subject.IndexOf('.', _prefix.Length);
        return end > _prefix.Length ? subject[_prefix.Length..end] : null;
    }

    /// <inheritdoc/>
    public string GetSubscriptionPattern(string baseSubject) => $"{_prefix}*.{baseSubject}";
}
