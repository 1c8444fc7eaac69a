namespace Tickets.Handlers.Storage;

/// <summary>What was found out about one thing.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Fault">What is wrong with it and what to do; null when all is well.</param>
/// <param name="IsSerious">Whether it does harm now; else it may, some day. Default true.</param>
public sealed record Diagnosis(string Subject, string? Fault = null, bool IsSerious = true);
