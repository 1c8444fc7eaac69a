using Tickets.Contracts;

namespace Tickets.Api.NatsApi;

/// <summary>
/// Whether a request may be answered. The answer is published with the service's permissions, so whoever asks could have it
/// publish where they may not: a command of another tenant, a request to JetStream.
/// </summary>
internal static class ReplySubject
{
    // What a server puts in the place of an inbox when the request comes from another account; it leads back there.
    private const string OtherAccounts = "_R_.";

    public static bool IsSafe(string? subject) =>
        string.IsNullOrEmpty(subject) || subject.StartsWith(OtherAccounts, StringComparison.Ordinal) || CommandHeaders.IsInbox(subject);
}
