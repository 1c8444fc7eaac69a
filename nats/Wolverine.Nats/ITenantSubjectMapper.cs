namespace Wolverine.Nats;

/// <summary>Puts tenants into subjects and reads them back. Called from many threads at once.</summary>
public interface ITenantSubjectMapper
{
    /// <summary>The subject of a tenant.</summary>
    string MapSubject(string baseSubject, string tenantId);

    /// <summary>The tenant that a subject names; null when it names none.</summary>
    string? ExtractTenantId(string subject);

    /// <summary>The wildcard that covers the subject of every tenant.</summary>
    string GetSubscriptionPattern(string baseSubject);
}
