using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.InteropServices;

/// <summary>
/// Runs in the service's process before its Main (DOTNET_STARTUP_HOOKS) and ends or freezes it at a named point of its work, which
/// it knows by the traces and counts that the service writes anyway: the program itself has no switch that could kill it.
/// <c>FAULT_POINT</c> says where, at which passing, and what to do: <c>before-ack:37:kill</c>.
/// </summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime wants it without one.")]
[SuppressMessage("Design", "CA1052:Static holder types should be static", Justification = "The runtime wants a class of this shape.")]
internal static partial class StartupHook
{
    private const int Kill = 9;
    private const int Stop = 19;
    private const string Commands = "Tickets.Contracts.Commands.";
    private const string Answer = $"{Commands}CommandOutcome";

    private static int _left;
    private static int _signal;
    private static ActivityListener? _activities;
    private static MeterListener? _meters;

    /// <summary>Called by the runtime.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("FAULT_POINT") is not { } text)
        {
            return;
        }

        var parts = text.Split(':');
        _left = int.Parse(parts[1], CultureInfo.InvariantCulture);
        _signal = parts[2] == "kill" ? Kill : Stop;
        Listen(parts[0]);
    }

    private static void Listen(string point)
    {
        switch (point)
        {
            case "received":
                Count("Wolverine.Nats", "messaging.client.consumed.messages");
                break;
            case "handling":
                Follow("Wolverine", started: a => a.OperationName.StartsWith(Commands, StringComparison.Ordinal) && a.OperationName != Answer);
                break;
            case "before-commit":
                Follow("Tickets.Storage", started: a => a.OperationName == "commit");
                break;
            case "after-commit":
                Follow("Tickets.Storage", stopped: a => a.OperationName == "commit");
                break;
            case "published":
                Follow("Wolverine.Nats", stopped: a => a.OperationName == "publish" && Is(a, "TICKET_EVENTS"));
                break;
            case "before-ack":
                Follow("Wolverine.Nats", started: a => a.OperationName == "ack");
                break;
            default:
                throw new InvalidOperationException($"FAULT_POINT names no point: {point}");
        }
    }

    // At its start an activity has no tags yet; at its end it has.
    private static bool Is(Activity activity, string stream) => activity.GetTagItem("messaging.destination.name") is string name && name == stream;

    private static void Follow(string source, Func<Activity, bool>? started = null, Func<Activity, bool>? stopped = null)
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = candidate => candidate.Name == source,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => PassIf(started, activity),
            ActivityStopped = activity => PassIf(stopped, activity),
        };
        ActivitySource.AddActivityListener(_activities);
    }

    private static void Count(string meter, string instrument)
    {
        _meters = new MeterListener
        {
            InstrumentPublished = (candidate, listener) =>
            {
                if (candidate.Meter.Name == meter && candidate.Name == instrument)
                {
                    listener.EnableMeasurementEvents(candidate);
                }
            },
        };
        _meters.SetMeasurementEventCallback<long>((_, _, _, _) => Pass());
        _meters.Start();
    }

    private static void PassIf(Func<Activity, bool>? isPoint, Activity activity)
    {
        if (isPoint is not null && isPoint(activity))
        {
            Pass();
        }
    }

    private static void Pass()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _ = Signal(Environment.ProcessId, _signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);
}
