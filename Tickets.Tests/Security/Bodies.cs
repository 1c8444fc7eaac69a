using System.Net;
using System.Net.Sockets;
using System.Text;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>How bodies may come, and what becomes of those that come otherwise.</summary>
public class Bodies(RunningService running) : IClassFixture<RunningService>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestBody = TimeSpan.FromSeconds(60);

    // What the server waits for of a body that comes too slowly.
    private static readonly TimeSpan ShortestWaiting = TimeSpan.FromSeconds(5);

    private static readonly byte[] Good = """{"title": "t", "created_by": "ada"}"""u8.ToArray();
    private readonly TicketService _service = running.Service;
    private readonly string _tenant = RunningService.NewTenant();

    [Theory]
    [InlineData(300_000, false)]
    [InlineData(2_000_000, false)]
    [InlineData(2_000_000, true)]
    public async Task a_body_that_is_too_large_is_answered_to_a_client_that_sends_it_whole_before_it_reads(int size, bool tellsSize)
    {
        using var response = await PostInPartsAsync($$"""{"title": "t", "created_by": "ada", "description": "{{new string('x', size)}}"}""", tellsSize);

        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
    }

    [Theory]
    [InlineData("Content-Length: 100000000", "{}")]
    [InlineData("Content-Length: 300000\r\nExpect: 100-continue", "")]
    public async Task a_body_that_is_far_too_large_or_that_may_be_spared_is_not_read(string headers, string begin)
    {
        var answer = await AnswerToAsync(headers, begin);

        answer.ShouldStartWith("HTTP/1.1 413 ");
        answer.ShouldContain("Connection: close");
    }

    [Fact]
    public async Task a_body_that_is_too_large_already_is_answered_before_its_end_comes()
    {
        using var limit = new CancellationTokenSource(ShortestWaiting);
        using var client = await BeginAsync("Transfer-Encoding: chunked", $"{300_000:x}\r\n{new string('x', 300_000)}\r\n");

        var answer = await ReadUntilAsync(client.GetStream(), "trace_id", limit.Token);

        answer.ShouldStartWith("HTTP/1.1 413 ");
        answer.ShouldContain("\"limit\":262144");
        answer.ShouldNotContain("\"size\"");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_body_that_comes_in_many_parts_is_read_to_its_end(bool tellsSize)
    {
        using var response = await PostInPartsAsync($$"""{"title": "t", "description": "{{new string('x', 200_000)}}", "created_by": "ada", "colour": "red"}""", tellsSize);

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
        problem.GetProperty("errors").TryGetProperty("colour", out _).ShouldBeTrue(problem.ToString());
    }

    [Fact]
    public async Task a_body_that_stops_coming_is_not_waited_for()
    {
        var answer = await AnswerToAsync("Content-Length: 100", """{"title": """);

        answer.ShouldStartWith("HTTP/1.1 408 ");
        answer.ShouldContain("\"The body came too slowly.\"");
    }

    [Fact]
    public async Task a_body_that_keeps_coming_bit_by_bit_is_not_waited_for_without_end()
    {
        using var limit = new CancellationTokenSource(LongestBody);
        using var client = await BeginAsync("Content-Length: 200000", """{"title": """);
        var stream = client.GetStream();
        var answer = ReadUntilAsync(stream, "too slowly", limit.Token);

        // A thousand bytes a second: more than the server asks for.
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!answer.IsCompleted && await pace.WaitForNextTickAsync(limit.Token) && await SendsAsync(stream, new byte[100], limit.Token))
        {
        }

        (await answer).ShouldStartWith("HTTP/1.1 408 ");
        (await answer).ShouldContain("Connection: close");
    }

    [Theory]
    [InlineData("gzip", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("identity, br", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("Identity", HttpStatusCode.Created)]
    public async Task a_body_is_taken_only_as_it_is(string coding, HttpStatusCode status)
    {
        using var body = new ByteArrayContent(Good);
        body.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        body.Headers.TryAddWithoutValidation("Content-Encoding", coding);

        using var response = await _service.PostAsync(_tenant, body);

        response.StatusCode.ShouldBe(status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/jsonx")]
    [InlineData("application/vnd.acme+json")]
    [InlineData("application/problem+json")]
    [InlineData("application/merge-patch+json")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=nonsense")]
    [InlineData(null)]
    public async Task another_media_type_is_refused(string? type)
    {
        using var content = new ByteArrayContent(Good);
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await _service.PostAsync(_tenant, content);

        var problem = await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        problem.GetProperty("detail").GetString().ShouldBe("Send application/json in UTF-8, without a Content-Encoding.");
    }

    [Theory]
    [InlineData("Application/JSON")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    public async Task json_is_read_by_all_its_names(string type)
    {
        using var content = new ByteArrayContent(Good);
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await _service.PostAsync(_tenant, content);

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/merge-patch+json")]
    [InlineData("Application/Merge-Patch+JSON; charset=utf-8")]
    public async Task a_patch_is_read_by_its_own_name_too(string type)
    {
        using var response = await PatchAsync(type);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("application/json-patch+json")]
    [InlineData("application/vnd.acme+json")]
    [InlineData("application/merge-patch+json; charset=utf-16")]
    [InlineData("text/plain")]
    public async Task another_patch_is_refused_with_those_that_are_read(string type)
    {
        using var response = await PatchAsync(type);

        await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        response.Headers.GetValues("Accept-Patch").ShouldBe(["application/merge-patch+json, application/json"]);
    }

    [Fact]
    public async Task a_body_that_begins_with_a_byte_order_mark_is_read()
    {
        using var content = new ByteArrayContent([.. Encoding.UTF8.Preamble, .. Good]) { Headers = { ContentType = new("application/json") } };

        using var response = await _service.PostAsync(_tenant, content);

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private async Task<HttpResponseMessage> PatchAsync(string type)
    {
        using var created = await _service.CreateAsync(_tenant, "Patched");
        using var content = new ByteArrayContent("""{"priority": "high"}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await _service.SendAsync(HttpMethod.Patch, _tenant, created.Headers.Location!.ToString(), content);
    }

    // What a client hears that sends no more than this.
    private async Task<string> AnswerToAsync(string headers, string begin)
    {
        using var client = await BeginAsync(headers, begin);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync().WaitAsync(Limit);
    }

    private async Task<TcpClient> BeginAsync(string headers, string begin)
    {
        var client = new TcpClient();
        await client.ConnectAsync(_service.Http.BaseAddress!.Host, _service.Http.BaseAddress.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(
            $"POST /api/v1/tickets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Tenant-ID: {_tenant}\r\n{headers}\r\n\r\n{begin}"));
        return client;
    }

    // False when the service has closed the connection, which it may do before its answer has been read here.
    private static async Task<bool> SendsAsync(NetworkStream stream, byte[] part, CancellationToken cancellation)
    {
        try
        {
            await stream.WriteAsync(part, cancellation);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // Not to its end: that is no clean one while more is sent.
    private static async Task<string> ReadUntilAsync(NetworkStream stream, string awaited, CancellationToken cancellation)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        var (read, part) = (new StringBuilder(), new char[1024]);
        while (!read.ToString().Contains(awaited, StringComparison.Ordinal) && await reader.ReadAsync(part, cancellation) is > 0 and var length)
        {
            read.Append(part, 0, length);
        }

        return read.ToString();
    }

    private async Task<HttpResponseMessage> PostInPartsAsync(string body, bool tellsSize)
    {
        using var content = new Parts(Encoding.UTF8.GetBytes(body), tellsSize, _service.AnswersAsync);
        return await _service.PostAsync(_tenant, content);
    }

    /// <summary>Sends a body in four parts, and waits after each for the service to answer another.</summary>
    private sealed class Parts : HttpContent
    {
        private readonly byte[] _body;
        private readonly Func<Task> _answersAsync;

        public Parts(byte[] body, bool tellsSize, Func<Task> answersAsync)
        {
            (_body, _answersAsync) = (body, answersAsync);
            Headers.ContentType = new("application/json");
            Headers.ContentLength = tellsSize ? body.Length : null;
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var part in _body.Chunk((_body.Length + 3) / 4))
            {
                await stream.WriteAsync(part);
                await stream.FlushAsync();
                await _answersAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
