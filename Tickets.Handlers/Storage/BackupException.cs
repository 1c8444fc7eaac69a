namespace Tickets.Handlers.Storage;

/// <summary>A backup can't be made or restored. The message is one line that says why and what to do, and has no secret.</summary>
/// <param name="message">That line.</param>
/// <param name="inner">What it comes from.</param>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
