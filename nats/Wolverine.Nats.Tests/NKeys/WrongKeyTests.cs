using NATS.NKeys;

namespace Wolverine.Nats.Tests.NKeys;

public sealed class WrongKeyTests
{
    private const string NotASeed = "This is not a seed: a seed begins with S.";
    private const string Crc = "The seed's CRC does not match: at least one character was changed.";

    public static TheoryData<string, string> WrongSeeds => new()
    {
        { string.Empty, "The seed is empty." },
        { KeyVectors.UserSeed[..57], "The seed is too short: it has 57 characters, not 58." },
        { "SU", "The seed is too short: it has 2 characters, not 58." },
        { KeyVectors.UserSeed + "A", "The seed is too long: it has 59 characters, not 58." },
        { KeyVectors.UserSeed + "\n", "The seed's character 59 of 59 is not base32." },
        { KeyVectors.UserSeed.ToLowerInvariant(), "The seed's character 1 of 58 is not base32." },
        { Replaced(KeyVectors.UserSeed, 30, '1'), "The seed's character 31 of 58 is not base32." },
        { Replaced(KeyVectors.UserSeed, 30, 'É'), "The seed's character 31 of 58 is not base32." },
        { Replaced(KeyVectors.UserSeed, 30, '\0'), "The seed's character 31 of 58 is not base32." },
        { KeyVectors.UserPublicKey, NotASeed },
        { KeyVectors.PrivateKey, NotASeed },
        { KeyVectors.SeedOfUnknownKind, "The seed has the unknown prefix 200." },
    };

    [Theory]
    [MemberData(nameof(WrongSeeds))]
    public void a_wrong_seed_is_refused_with_what_is_wrong(string seed, string message)
    {
        var fault = Should.Throw<NKeysException>(() => KeyPair.FromSeed(seed));

        fault.Message.ShouldStartWith(message);
        fault.Message.Contains(KeyVectors.UserSeed[2..10], StringComparison.OrdinalIgnoreCase).ShouldBeFalse();
    }

    [Fact]
    public void a_seed_with_any_one_character_changed_is_refused()
    {
        for (var position = 1; position < KeyVectors.UserSeed.Length; position++)
        {
            var changed = Replaced(KeyVectors.UserSeed, position, KeyVectors.UserSeed[position] == 'A' ? 'B' : 'A');

            Should.Throw<NKeysException>(() => KeyPair.FromSeed(changed), $"position {position}").Message.ShouldStartWith(Crc);
        }
    }

    [Theory]
    [InlineData("N")]
    [InlineData("O")]
    [InlineData("P")]
    public void a_seed_whose_last_character_differs_only_in_unused_bits_is_refused(string last) =>
        Should.Throw<NKeysException>(() => KeyPair.FromSeed(KeyVectors.UserSeed[..57] + last)).Message.ShouldStartWith(Crc);

    [Theory]
    [InlineData("", "The public key is empty.")]
    [InlineData("UD6FDTMO", "The public key is too short: it has 8 characters, not 56.")]
    [InlineData("UD6FDTM0", "The public key's character 8 of 8 is not base32.")]
    [InlineData("UD6FDTMOMIMKDI4NUR7NAARQ6BMAQFXNCO5DGA5MLXVZCFKISCACL4HS", "The public key's CRC does not match")]
    [InlineData(KeyVectors.UserSeed, "This is a secret key, not a public key.")]
    [InlineData(KeyVectors.PrivateKey, "This is a secret key, not a public key.")]
    public void a_wrong_public_key_is_refused_with_what_is_wrong(string publicKey, string message) =>
        Should.Throw<NKeysException>(() => KeyPair.FromPublicKey(publicKey)).Message.ShouldStartWith(message);

    private static string Replaced(string text, int position, char character) =>
        string.Concat(text.AsSpan(0, position), [character], text.AsSpan(position + 1));
}
