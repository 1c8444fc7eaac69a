using Tickets.Api.CommandLine;

namespace Tickets.Api.Cluster;

/// <summary>What <c>cluster</c> takes.</summary>
public sealed class ClusterInput : OperatorInput;
