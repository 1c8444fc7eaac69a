using CsCheck;
using Tickets.Contracts;
using Wolverine.Nats.Mapping;

namespace Tickets.Tests.Domain;

/// <summary>What may be a tenant is one token of a subject, and nothing else gets through.</summary>
public class NameLaws
{
    private static readonly Gen<string> Good = Gen.String[Gen.Char["ABCXYZabcxyz0189_-"], 1, 64];

    [Fact]
    public void a_tenant_is_one_literal_token_of_every_subject() => Good.Sample(tenant =>
    {
        TenantName.IsValid(tenant).ShouldBeTrue();
        Subjects.Command(tenant, "create").Split('.').ShouldBe(["ticket", "commands", tenant, "create"]);
        new SubjectPattern(Subjects.Command("{tenant}", "create")).TryMatch(Subjects.Command(tenant, "create"), out var named).ShouldBeTrue();
        named["tenant"].ShouldBe(tenant);
        new SubjectPattern("ticket.*").TryMatch(Subjects.Command(tenant, "create"), out _).ShouldBeFalse();
    });

    [Fact]
    public void whatever_else_a_name_holds_it_is_refused() => Gen.Select(Good, Gen.String[1, 3], Gen.Int[0, 64]).Sample((tenant, odd, at) =>
    {
        var name = tenant.Insert(Math.Min(at, tenant.Length), odd);
        TenantName.IsValid(name).ShouldBe(name.Length <= 64 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-'));
    });

    [Fact]
    public void a_dead_letter_is_always_captured_by_its_stream() => Gen.Select(Gen.String, Gen.Bool).Sample((token, known) =>
    {
        var subject = Subjects.DeadLetter($"ticket.commands.{token}.create", known ? "acme" : null);
        subject.ShouldStartWith("dlq.ticket.");
        subject.ShouldNotContain("*");
        subject.ShouldNotContain(">");
    });
}
