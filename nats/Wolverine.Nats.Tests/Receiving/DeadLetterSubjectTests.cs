using CsCheck;
using Wolverine.Nats.Receiving;

namespace Wolverine.Nats.Tests.Receiving;

public sealed class DeadLetterSubjectTests
{
    private static readonly Gen<string> Any = Gen.OneOf(Gen.String, Gen.String[Gen.Char["ab.*> \t"], 0, 20], Gen.String[Gen.Char["ab."], 990, 4090]);

    [Fact]
    public void it_can_always_be_published_to() => Any.Sample(subject => NatsSubject.IsPublishable(DeadLetterSubject.Of(subject)));

    [Fact]
    public void what_can_be_published_to_stays_as_it_is() =>
        Any.Sample(subject => !NatsSubject.IsPublishable(subject) || DeadLetterSubject.Of(subject) == subject);

    [Theory]
    [InlineData("dlq.acme.*", "dlq.acme._")]
    [InlineData("dlq.acme..create", "dlq.acme._.create")]
    [InlineData("dlq.acme.a\u00a0b>", "dlq.acme.a_b_")]
    public void what_nobody_may_publish_to_is_told_with_underscores(string subject, string letter) => DeadLetterSubject.Of(subject).ShouldBe(letter);

    [Fact]
    public void a_long_token_is_told_by_its_hash_and_the_others_stay()
    {
        var letter = DeadLetterSubject.Of($"dlq.acme.{new string('a', 4000)}.create");

        letter.ShouldMatch(@"\Adlq\.acme\.[0-9a-f]{32}\.create\z");
        DeadLetterSubject.Of($"dlq.acme.{new string('b', 4000)}.create").ShouldNotBe(letter);
    }

    [Fact]
    public void many_tokens_are_told_by_the_first_and_a_hash()
    {
        var start = $"dlq.acme.{string.Join('.', Enumerable.Repeat("a", 1000))}";

        var letter = DeadLetterSubject.Of($"{start}.b");

        letter.ShouldMatch(@"\Adlq\.acme(\.a)+\.[0-9a-f]{32}\z");
        letter.Length.ShouldBeInRange(990, 1000);
        DeadLetterSubject.Of($"{start}.c").ShouldNotBe(letter);
    }
}
