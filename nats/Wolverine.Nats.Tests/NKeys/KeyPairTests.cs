using NATS.NKeys;

namespace Wolverine.Nats.Tests.NKeys;

public sealed class KeyPairTests
{
    [Theory]
    [InlineData(PrefixByte.Operator, "SOAMLKUN6Q7Z7A335W3UILZR3S33CZWTQU2QO3YJJOC44OROBNCFR5ZS7U", "OD6FDTMOMIMKDI4NUR7NAARQ6BMAQFXNCO5DGA5MLXVZCFKISCACKOYI")]
    [InlineData(PrefixByte.Server, "SNAMLKUN6Q7Z7A335W3UILZR3S33CZWTQU2QO3YJJOC44OROBNCFR5ZRLA", "ND6FDTMOMIMKDI4NUR7NAARQ6BMAQFXNCO5DGA5MLXVZCFKISCACLF32")]
    [InlineData(PrefixByte.Cluster, "SCAMLKUN6Q7Z7A335W3UILZR3S33CZWTQU2QO3YJJOC44OROBNCFR534JE", "CD6FDTMOMIMKDI4NUR7NAARQ6BMAQFXNCO5DGA5MLXVZCFKISCACLKWS")]
    [InlineData(PrefixByte.Account, "SAAMLKUN6Q7Z7A335W3UILZR3S33CZWTQU2QO3YJJOC44OROBNCFR536R4", "AD6FDTMOMIMKDI4NUR7NAARQ6BMAQFXNCO5DGA5MLXVZCFKISCACKYUO")]
    [InlineData(PrefixByte.User, KeyVectors.UserSeed, KeyVectors.UserPublicKey)]
    [InlineData(PrefixByte.Curve, "SXAMLKUN6Q7Z7A335W3UILZR3S33CZWTQU2QO3YJJOC44OROBNCFR54O4Y", "XA7MBGUGH6A7TLOG54OIMUUV7LNGIVIEGC2LGGVEB33MTNMTFEFV6F6Z")]
    public void a_known_seed_gives_its_known_public_key(PrefixByte prefix, string seed, string publicKey)
    {
        using var pair = KeyPair.FromSeed(seed);

        pair.Prefix.ShouldBe(prefix);
        pair.GetPublicKey().ShouldBe(publicKey);
        pair.GetSeed().ShouldBe(seed);
    }

    [Fact]
    public void the_signature_is_the_one_of_rfc_8032()
    {
        using var pair = KeyPair.FromSeed(KeyVectors.UserSeed);
        var signature = new byte[64];

        pair.Sign(KeyVectors.Message, signature);

        signature.ShouldBe(KeyVectors.Signature);
    }

    [Fact]
    public void a_signature_is_true_for_its_key_and_data_only()
    {
        using var known = KeyPair.FromPublicKey(KeyVectors.UserPublicKey);
        using var other = KeyPair.CreatePair(PrefixByte.User);
        var altered = KeyVectors.Signature;
        altered[0] ^= 1;

        known.Verify(KeyVectors.Message, KeyVectors.Signature).ShouldBeTrue();
        known.Verify("other data"u8.ToArray(), KeyVectors.Signature).ShouldBeFalse();
        known.Verify(KeyVectors.Message, altered).ShouldBeFalse();
        known.Verify(KeyVectors.Message, KeyVectors.Signature.AsMemory(..63)).ShouldBeFalse();
        other.Verify(KeyVectors.Message, KeyVectors.Signature).ShouldBeFalse();
    }

    [Theory]
    [InlineData(PrefixByte.Operator, 'O')]
    [InlineData(PrefixByte.Server, 'N')]
    [InlineData(PrefixByte.Cluster, 'C')]
    [InlineData(PrefixByte.Account, 'A')]
    [InlineData(PrefixByte.User, 'U')]
    [InlineData(PrefixByte.Curve, 'X')]
    public void a_new_pair_survives_being_written_and_read(PrefixByte prefix, char letter)
    {
        using var created = KeyPair.CreatePair(prefix);
        using var fromSeed = KeyPair.FromSeed(created.GetSeed());
        using var fromPublicKey = KeyPair.FromPublicKey(created.GetPublicKey());

        created.GetSeed().ShouldStartWith($"S{letter}");
        created.GetSeed().Length.ShouldBe(58);
        created.GetPublicKey().ShouldStartWith($"{letter}");
        created.GetPublicKey().Length.ShouldBe(56);
        fromSeed.GetPublicKey().ShouldBe(created.GetPublicKey());
        fromPublicKey.GetPublicKey().ShouldBe(created.GetPublicKey());
        (fromSeed.Prefix, fromPublicKey.Prefix).ShouldBe((prefix, prefix));
    }

    [Fact]
    public void two_new_pairs_differ()
    {
        using var one = KeyPair.CreatePair(PrefixByte.User);
        using var other = KeyPair.CreatePair(PrefixByte.User);

        one.GetSeed().ShouldNotBe(other.GetSeed());
    }

    [Theory]
    [InlineData(PrefixByte.Seed)]
    [InlineData(PrefixByte.Private)]
    [InlineData(PrefixByte.Unknown)]
    [InlineData((PrefixByte)1)]
    public void there_is_no_pair_of_a_kind_that_is_no_role(PrefixByte prefix) =>
        Should.Throw<NKeysException>(() => KeyPair.CreatePair(prefix)).Message.ShouldBe($"There are no key pairs of the kind {prefix}.");

    [Fact]
    public void a_public_key_can_not_sign_or_show_a_seed()
    {
        using var pair = KeyPair.FromPublicKey(KeyVectors.UserPublicKey);

        Should.Throw<NKeysException>(() => pair.Sign(KeyVectors.Message, new byte[64])).Message.ShouldContain("its seed is not known");
        Should.Throw<NKeysException>(pair.GetSeed).Message.ShouldContain("its seed is not known");
    }

    [Fact]
    public void a_curve_key_can_not_sign_or_verify()
    {
        using var pair = KeyPair.CreatePair(PrefixByte.Curve);

        Should.Throw<NKeysException>(() => pair.Sign(KeyVectors.Message, new byte[64])).Message.ShouldContain("for encryption");
        Should.Throw<NKeysException>(() => pair.Verify(KeyVectors.Message, new byte[64])).Message.ShouldContain("for encryption");
    }

    [Theory]
    [InlineData(63)]
    [InlineData(65)]
    public void a_signature_is_written_to_64_bytes_and_no_other_number(int length)
    {
        using var pair = KeyPair.FromSeed(KeyVectors.UserSeed);

        Should.Throw<ArgumentException>(() => pair.Sign(KeyVectors.Message, new byte[length]))
            .Message.ShouldStartWith($"A signature has 64 bytes, not {length}.");
    }
}
