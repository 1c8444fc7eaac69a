namespace Tickets.Handlers.Storage;

/// <summary>The identity of a command.</summary>
/// <param name="Tenant">The tenant it is for.</param>
/// <param name="CommandId">Its id within the tenant.</param>
public readonly record struct CommandKey(string Tenant, Guid CommandId);
