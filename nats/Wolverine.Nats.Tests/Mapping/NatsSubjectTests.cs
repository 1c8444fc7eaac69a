using CsCheck;

namespace Wolverine.Nats.Tests.Mapping;

public sealed class NatsSubjectTests
{
    private static readonly Gen<string> Token = Gen.Char['a', 'c'].Array[1, 2].Select(chars => new string(chars));
    private static readonly Gen<string> Subject = Token.Array[1, 4].Select(tokens => string.Join('.', tokens));

    [Theory]
    [InlineData("orders.*", "orders.placed", true)]
    [InlineData("orders.*", "orders.placed.eu", false)]
    [InlineData("orders.>", "orders.placed.eu", true)]
    [InlineData("orders.>", "orders", false)]
    [InlineData("orders.>", "orders.*", true)]
    [InlineData("orders.*", "orders.>", false)]
    [InlineData("orders.placed", "orders.*", false)]
    [InlineData(">", "orders.placed", true)]
    public void a_filter_covers_the_subjects_that_it_stands_for(string filter, string subject, bool covers) =>
        NatsSubject.Covers(filter, subject).ShouldBe(covers);

    [Fact]
    public void a_subject_covers_itself_and_no_other() => Gen.Select(Subject, Subject)
        .Sample((one, other) => NatsSubject.Covers(one, one) && NatsSubject.Covers(one, other) == (one == other));

    [Fact]
    public void a_star_in_place_of_any_token_still_covers() => Gen.Select(Subject, Gen.Int[0, 3]).Sample((subject, at) =>
    {
        var tokens = subject.Split('.');
        tokens[at % tokens.Length] = "*";
        return NatsSubject.Covers(string.Join('.', tokens), subject);
    });

    [Fact]
    public void whatever_is_published_to_may_be_listened_to_and_has_no_wildcard() => Gen.String.Sample(text =>
    {
        try
        {
            return NatsSubject.Filter(NatsSubject.Publishable(text)) == text && !text.AsSpan().ContainsAny('*', '>', ' ');
        }
        catch (InvalidSubjectException)
        {
            return true;
        }
    });

    [Theory]
    [InlineData("a.b")]
    [InlineData("*")]
    [InlineData("")]
    public void a_token_is_one_part_of_a_subject(string token) => Should.Throw<InvalidSubjectException>(() => NatsSubject.Token(token));
}
