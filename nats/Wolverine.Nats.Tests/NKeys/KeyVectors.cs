namespace Wolverine.Nats.Tests.NKeys;

/// <summary>
/// RFC 8032, section 7.1, test 3 as NKeys. The texts were written with Python's base64, binascii.crc_hqx and cryptography,
/// which share no code with ours.
/// </summary>
internal static class KeyVectors
{
    public const string UserSeed = "SUAMLKUN6Q7Z7A335W3UILZR3S33CZWTQU2QO3YJJOC44OROBNCFR54NIM";
    public const string UserPublicKey = "UD6FDTMOMIMKDI4NUR7NAARQ6BMAQFXNCO5DGA5MLXVZCFKISCACL4HR";
    public const string PrivateKey = "PDC2VDPUH6PYG67NW5CC6MO4W6YWNU4FGUDW6CKLQXHDULQLIRMPPMGP";
    public const string SeedOfUnknownKind = "SZAMLKUN6Q7Z7A335W3UILZR3S33CZWTQU2QO3YJJOC44OROBNCFR56CSQ";

    public static byte[] Message => [0xAF, 0x82];

    public static byte[] Signature => Convert.FromHexString(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
}
