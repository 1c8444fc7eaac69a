using Tickets.Api.CommandLine;
using Wolverine.Nats.Provisioning;

namespace Tickets.Api.Diagnostics;

/// <summary>How findings are printed.</summary>
internal static class Findings
{
    /// <summary>A line for each, or all of them as JSON.</summary>
    public static void Print(IReadOnlyList<Finding> findings, bool json, IServiceProvider services)
    {
        if (json)
        {
            Printout.Write(findings.Select(finding => new { finding.Subject, Ok = finding.IsWell, finding.Fault }), services);
            return;
        }

        foreach (var finding in findings)
        {
            Console.WriteLine(finding.IsWell ? $"ok    {finding.Subject}" : $"FAIL  {finding.Subject}: {finding.Fault}");
        }
    }
}
