using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tickets.Contracts;
using Tickets.Contracts.Notifications;

namespace Tickets.Handlers.Notifications;

/// <summary>Posts notifications as JSON, signed by HMAC-SHA256 as Standard Webhooks 1.0 says.</summary>
public sealed class WebhookChannel : INotificationChannel, IDisposable
{
    /// <summary>The channel's name.</summary>
    public const string ChannelName = "webhook";

    private const int LargestHeadersKilobytes = 16;
    private const int LargestAnswer = 16 * 1024;

    private readonly WebhookOptions _options;
    private readonly NotificationTemplates _templates;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;

    /// <summary>A channel to one address. Redirects are not followed: the secret's holder has one address.</summary>
    /// <param name="options">Where to.</param>
    /// <param name="templates">What is written.</param>
    /// <param name="clock">The time of the signature.</param>
    /// <param name="connections">Where connections may go. Default: as the options say.</param>
    public WebhookChannel(WebhookOptions options, NotificationTemplates templates, TimeProvider clock, GuardedConnections? connections = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _templates, _clock) = (options, templates, clock);
        _http = new HttpClient(HandlerOf(connections ?? new GuardedConnections(options.AllowPrivate))) { Timeout = options.Timeout };
    }

    /// <inheritdoc/>
    public string Name => ChannelName;

    /// <inheritdoc/>
    public async Task DeliverAsync(NotificationRequested notification, CancellationToken cancellation)
    {
        using var request = Sign(notification.Id.ToString(), BodyOf(notification));
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                throw new DeliveryFailedException($"the webhook answered {(int)response.StatusCode}", IsPermanent(response.StatusCode));
            }
        }
        catch (HttpRequestException e) when (e.InnerException is ForbiddenAddressException forbidden)
        {
            throw new DeliveryFailedException($"the webhook is not allowed: {forbidden.Message}", permanent: true, e);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new DeliveryFailedException($"the webhook could not be reached: {ReasonOf(e as HttpRequestException)}", permanent: false, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // A proxy of the environment would resolve the name by itself, and connect to whatever it finds.
    private static SocketsHttpHandler HandlerOf(GuardedConnections connections) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectCallback = connections.ConnectAsync,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = LargestHeadersKilobytes,
        MaxResponseDrainSize = LargestAnswer,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
    };

    // Tenants read it: it names no machine.
    private static string ReasonOf(HttpRequestException? fault) => fault?.HttpRequestError switch
    {
        null => "it did not answer in time",
        HttpRequestError.NameResolutionError => "its name is not known",
        HttpRequestError.ConnectionError => "nobody took the connection",
        HttpRequestError.SecureConnectionError => "its certificate is not trusted",
        _ => "its answer was cut off or malformed",
    };

    private HttpRequestMessage Sign(string id, string body)
    {
        var now = _clock.GetUtcNow();
        return new HttpRequestMessage(HttpMethod.Post, _options.Url)
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            Headers =
            {
                { "webhook-id", id },
                { "webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) },
                { "webhook-signature", _options.Key.Sign(id, now, body) },
            },
        };
    }

    private string BodyOf(NotificationRequested notification)
    {
        var written = _templates.Write(notification);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", "notification.requested");
            json.WriteString("subject", written.Subject);
            json.WriteString("text", written.Text);
            json.WritePropertyName("data");
            JsonSerializer.Serialize(json, notification, WireJson.Default.NotificationRequested);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    // The endpoint is gone for good, as Standard Webhooks has it, or this very request is refused. A login, a way or a place that is wrong
    // now is mended while notifications wait.
    private static bool IsPermanent(HttpStatusCode status) => status is
        HttpStatusCode.Gone or HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity;
}
