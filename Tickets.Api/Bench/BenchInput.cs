using JasperFx.CommandLine;
using Tickets.Api.CommandLine;

namespace Tickets.Api.Bench;

/// <summary>What <c>bench</c> is to do.</summary>
public sealed class BenchInput : OperatorInput
{
    /// <summary>What is measured.</summary>
    [Description("http: 201 | accept: 202 | nats: publish | events: publish to last event | drain: work off a full stream | reads")]
    public Workload Workload { get; set; }

    /// <summary>How many requests or commands. Default 20,000.</summary>
    [Description("how many (20000)")]
    public int CountFlag { get; set; } = 20_000;

    /// <summary>For how many seconds, whatever number that makes; 0, the default, for <see cref="CountFlag"/>.</summary>
    [Description("for so many seconds instead of a number")]
    public int DurationFlag { get; set; }

    /// <summary>How many commands <c>drain</c> works off before those that it measures. Default 0.</summary>
    [Description("drain: how many before those that are measured (0)")]
    public int WarmUpFlag { get; set; }

    /// <summary>How many commands that makes.</summary>
    internal int Total => CountFlag + WarmUpFlag;

    /// <summary>How many at once. Default 32.</summary>
    [Description("how many at once (32)")]
    public int ConcurrencyFlag { get; set; } = 32;

    /// <summary>How many tenants they are for. Default 1.</summary>
    [Description("for how many tenants (1)")]
    public int TenantsFlag { get; set; } = 1;

    /// <summary>How many a second <c>events</c> publishes. Default 1,000.</summary>
    [Description("events: how many a second (1000)")]
    public int RateFlag { get; set; } = 1000;

    /// <inheritdoc/>
    public override string? Fault() =>
        CountFlag < 1 || ConcurrencyFlag < 1 || TenantsFlag < 1 || RateFlag < 1 || DurationFlag < 0 || WarmUpFlag < 0
            ? "--count, --concurrency, --tenants and --rate are whole numbers from 1, --duration and --warm-up from 0"
        : DurationFlag > 0 && Workload is (Workload.drain or Workload.events)
            ? $"{Workload} has no --duration; say how many with --count"
        : WarmUpFlag > 0 && Workload is not Workload.drain
            ? $"{Workload} has no --warm-up; what it measures is a process of its own, and warm once bench has run"
        : null;
}
