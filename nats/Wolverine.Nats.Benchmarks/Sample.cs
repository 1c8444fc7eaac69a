using System.Text;
using System.Text.Json;

namespace Wolverine.Nats.Benchmarks;

/// <summary>The message that is sent.</summary>
/// <param name="Text">Fills it up to <see cref="BodyLength"/>.</param>
public sealed record Sample(string Text)
{
    public const int BodyLength = 200;
    public const string Subject = "bench.sample";
    public const string Stream = "BENCH";

    public static readonly Sample Message = new(new string('x', BodyLength - """{"Text":""}""".Length));

    public static readonly byte[] Body = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Message));
}
