using Tickets.Api.CommandLine;

namespace Tickets.Api.Diagnostics;

/// <summary>What <c>check-env</c> takes.</summary>
public sealed class CheckEnvironmentInput : OperatorInput;
