using System.Globalization;
using System.Net;
using System.Text.Json;
using JasperFx.CommandLine;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Tickets.Api.CommandLine;
using Tickets.Api.Composition;
using Wolverine.Runtime;

namespace Tickets.Api.Events;

/// <summary><c>tail</c>: follows the events as they come, and takes none of them away.</summary>
[Description("Follow the events as they come; for instance: tail --tenant acme --type ticket. --last 20", Name = "tail")]
public sealed class TailCommand : OperatorCommand<TailInput>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(TailInput input, IHost host)
    {
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            interrupted.Cancel();
        };
        try
        {
            var output = StandardOutput.Open(host.Services.GetRequiredService<ServiceOptions>().Secrets);
            await FollowAsync(input, new EventStream(host.Services.GetRequiredService<IWolverineRuntime>()), output, interrupted.Token);
        }
        catch (IOException)
        {
            // As with head: whoever read it has seen enough.
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            // That is how it ends.
        }

        return true;
    }

    /// <inheritdoc/>
    protected override TextWriter FaultsOf(TailInput input) => Console.Error;

    /// <inheritdoc/>
    protected override string NatsFault(TailInput input, Exception fault) =>
        $"the events can't be read: {fault.Message.TrimEnd('.')}; ./tickets check-env tells more";

    // A server that falls silent ends the reading, and one that is away fails it; it goes on where it was.
    private static async Task FollowAsync(TailInput input, EventStream stream, TextWriter output, CancellationToken cancellation)
    {
        var newest = (await stream.EndsAsync(cancellation)).Last;
        var next = newest >= input.LastFlag ? newest - input.LastFlag + 1 : 1;
        var isAway = false;
        for (var left = input.CountFlag ?? int.MaxValue; left > 0;)
        {
            try
            {
                await foreach (var e in stream.ReadAsync(next, cancellation))
                {
                    (next, isAway) = (e.Sequence + 1, false);
                    if (IsAskedFor(e, input))
                    {
                        await output.WriteLineAsync(input.JsonFlag ? ToJson(e) : Describe(e));
                        if (--left == 0)
                        {
                            return;
                        }
                    }
                }
            }
            catch (Exception e) when (MayPass(e) && !cancellation.IsCancellationRequested)
            {
                if (!isAway)
                {
                    await Console.Error.WriteLineAsync($"warn  NATS is away, and the events go on when it is back: {Terminal.Plain(e.Message)}");
                }

                isAway = true;
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    // What a server answers, such as that there is no such stream, stays so; what it can't say yet does not.
    private static bool MayPass(Exception fault) => fault is NatsJSApiException answered
        ? answered.Error.Code >= (int)HttpStatusCode.InternalServerError
        : fault is NatsException or TimeoutException or OperationCanceledException;

    private static bool IsAskedFor(FeedEvent e, TailInput input) =>
        (input.TenantFlag is null || e.Tenant == input.TenantFlag) && e.Type.StartsWith(input.TypeFlag, StringComparison.Ordinal);

    private static string Describe(FeedEvent e) =>
        Terminal.Plain(string.Create(CultureInfo.InvariantCulture, $"{e.Sequence,8} {e.Tenant,-12} {e.Type,-24} {e.Json}"));

    private static string ToJson(FeedEvent e) =>
        JsonSerializer.Serialize(new { sequence = e.Sequence, tenant = e.Tenant, type = e.Type, body = BodyOf(e) });

    // Whoever may publish to the stream may publish anything.
    private static JsonElement BodyOf(FeedEvent e)
    {
        try
        {
            return JsonElement.Parse(e.Json);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(e.Json);
        }
    }
}
