namespace Tickets.Api.Cluster;

/// <summary>What to do about what can be wrong with JetStream.</summary>
internal static class Remedies
{
    public const string Node = "start it and see its log, or correct NATS_MONITOR_URLS";
    public const string MetaLeader = "start the nodes that are away, until more than half run; ./tickets cluster shows whether each has a route to the others";
    public const string Leader = "start the nodes that are away; if all run and none leads after a minute, restart the one whose log complains of it, and no other";
    public const string OfflineCopy = "start that node; until then no other may stop";
    public const string LaggingCopy = "wait while its lag shrinks (./tickets cluster), and stop no other node; if it stays, restart that node";
    public const string Missing = "run 'resources setup' or start the service; ./tickets republish --since brings events back";
    public const string Forsaken = "start one, with a TICKETS_ROLE that has this part";
}
