using System.Text.Json;
using Tickets.Api.Composition;

namespace Tickets.Api.Cluster;

/// <summary>Reads the monitoring endpoints of the nodes (nats-server's <c>/varz</c>, <c>/routez</c> and <c>/jsz</c>).</summary>
internal sealed class NodeReader(ServiceOptions options) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = Patience };

    /// <summary>One for each address, in their order.</summary>
    public async Task<IReadOnlyList<NodeState>> ReadAsync(CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(options.Nats.Monitors.Select(address => AnswerAsync(address, cancellation)));

        // Servers before 2.10 tell the ids of their routes, not the names.
        // One server may be known by several addresses.
        var names = answers.Where(answer => answer.Id is not null).DistinctBy(answer => answer.Id).ToDictionary(answer => answer.Id!, answer => answer.State.Name);
        return [.. answers.Select(answer => answer.State with { Routes = [.. answer.State.Routes.Select(id => names.GetValueOrDefault(id, id)).Distinct().Order()] })];
    }

    public void Dispose() => _http.Dispose();

    private async Task<(NodeState State, string? Id)> AnswerAsync(Uri address, CancellationToken cancellation)
    {
        try
        {
            var server = await GetAsync(address, "varz", cancellation);
            var routes = await GetAsync(address, "routez", cancellation);
            var jetStream = await GetAsync(address, "jsz", cancellation);
            return (StateOf(address.Authority, server, routes, jetStream), Text(server, "server_id"));
        }
#pragma warning disable CA1031 // Whatever another program answers, or doesn't, is the state of that node.
        catch (Exception) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return (new NodeState(address.Authority, address.Authority, "its monitoring does not answer; it may be down"), null);
        }
    }

    private static NodeState StateOf(string address, JsonElement server, JsonElement routes, JsonElement jetStream) => new(address, server.GetProperty("server_name").GetString()!)
    {
        Version = Text(server, "version"),
        Uptime = Text(server, "uptime"),
        Connections = (int)Number(server, "connections"),
        Memory = Number(server, "mem"),
        Routes = routes.TryGetProperty("routes", out var all) && all.ValueKind == JsonValueKind.Array
            ? [.. all.EnumerateArray().Select(route => Text(route, "remote_name") ?? Text(route, "remote_id")).OfType<string>()]
            : [],
        MetaLeader = jetStream.TryGetProperty("meta_cluster", out var cluster) && Text(cluster, "leader") is { Length: > 0 } leader ? leader : null,
        StoreSize = Number(jetStream, "storage"),
        StoreLimit = jetStream.TryGetProperty("config", out var config) ? Number(config, "max_storage") : 0,
    };

    private async Task<JsonElement> GetAsync(Uri address, string path, CancellationToken cancellation) =>
        await _http.GetFromJsonAsync<JsonElement>(new Uri(address, path), cancellation);

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;
}
