namespace Tickets.Api.CommandLine.Framework;

/// <summary>A file of generated code.</summary>
/// <param name="Type">The type of code that it belongs to, such as <c>WolverineHandlers</c>.</param>
/// <param name="Name">Its name, without what tells the language.</param>
/// <param name="Message">The message whose handlers it calls; null for other code.</param>
public sealed record GeneratedFile(string Type, string Name, string? Message);
