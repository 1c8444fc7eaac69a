using System.Reflection;
using NATS.NKeys;

namespace Wolverine.Nats.Tests.NKeys;

public sealed class DisposedKeyPairTests
{
    [Fact]
    public void a_disposed_pair_can_not_be_used()
    {
        var pair = KeyPair.FromSeed(KeyVectors.UserSeed);

        pair.Dispose();

        Should.Throw<ObjectDisposedException>(pair.GetSeed);
        Should.Throw<ObjectDisposedException>(pair.GetPublicKey);
        Should.Throw<ObjectDisposedException>(() => pair.Sign(KeyVectors.Message, new byte[64]));
        Should.Throw<ObjectDisposedException>(() => pair.Verify(KeyVectors.Message, KeyVectors.Signature));
    }

    [Fact]
    public void disposing_wipes_the_seed()
    {
        var pair = KeyPair.FromSeed(KeyVectors.UserSeed);
        var seed = (byte[])typeof(KeyPair).GetField("_seed", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(pair)!;
        seed.ShouldContain(b => b != 0);

        pair.Dispose();

        seed.ShouldAllBe(b => b == 0);
    }

    [Fact]
    public void disposing_twice_is_harmless()
    {
        using var known = KeyPair.FromPublicKey(KeyVectors.UserPublicKey);
        var pair = KeyPair.CreatePair(PrefixByte.User);

        pair.Dispose();

        Should.NotThrow(pair.Dispose);
        Should.NotThrow(known.Dispose);
    }
}
