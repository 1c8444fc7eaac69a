using Wolverine.Nats.Mapping;

namespace Wolverine.Nats.Tests.Mapping;

public sealed class SubjectPatternTests
{
    [Theory]
    [InlineData("orders.{tenant}.new", "orders.acme.new", "acme")]
    [InlineData("orders.{tenant}.*.new", "orders.acme.eu.new", "acme")]
    [InlineData("orders.{tenant}.>", "orders.acme.eu.west.new", "acme")]
    [InlineData("*.{tenant}", "orders.acme", "acme")]
    public void a_name_stands_for_one_token_and_wildcards_for_others(string pattern, string subject, string tenant)
    {
        new SubjectPattern(pattern).TryMatch(subject, out var named).ShouldBeTrue();

        named["tenant"].ShouldBe(tenant);
    }

    [Theory]
    [InlineData("orders.{tenant}.new", "orders.acme.old")]
    [InlineData("orders.{tenant}.new", "orders.acme.eu.new")]
    [InlineData("orders.{tenant}.>", "orders.acme")]
    [InlineData("orders.{tenant}", "orders")]
    public void another_subject_does_not_match(string pattern, string subject) =>
        new SubjectPattern(pattern).TryMatch(subject, out _).ShouldBeFalse();

    [Theory]
    [InlineData("orders.>.{tenant}")]
    [InlineData("orders..{tenant}")]
    [InlineData("or*ders.{tenant}")]
    public void what_is_no_subject_without_its_names_is_refused(string pattern) =>
        Should.Throw<InvalidSubjectException>(() => new SubjectPattern(pattern));
}
