using System.Text.Json;
using Tickets.Api.Composition;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Diagnostics.Doctor;

/// <summary>Asks the service with the same settings whether it is ready.</summary>
internal sealed class ServiceExamination(ServiceOptions options) : IExamination
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<Diagnosis>> ExamineAsync(CancellationToken cancellation)
    {
        var address = options.LocalAddress;
        return [new Diagnosis($"the service at {address.Authority}", await FaultAsync(address, cancellation))];
    }

    private static async Task<string?> FaultAsync(Uri address, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellation);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
            var status = body.GetProperty("status").GetString();
            return status == "ready" ? null
                : body.TryGetProperty("faults", out var faults) ? $"it is {status}: {string.Join("; ", faults.EnumerateArray().Select(fault => fault.GetString()))}"
                : $"it is {status}; ask /health/ready with an operator's credential for the reason";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or NotSupportedException)
        {
            return "something else answers there; stop that, or set PORT to where the service is";
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return "it does not answer; start it (./tickets run), or set PORT to where it is";
        }
    }
}
