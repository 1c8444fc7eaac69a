namespace NATS.NKeys;

/// <summary>Base32 without padding (RFC 4648, section 6).</summary>
internal static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int BitsInCharacter = 5;
    private const int BitsInByte = 8;

    public static string Encode(ReadOnlySpan<byte> data)
    {
        var text = new char[((data.Length * BitsInByte) + BitsInCharacter - 1) / BitsInCharacter];
        var buffer = 0;
        var bits = 0;
        var length = 0;
        foreach (var b in data)
        {
            buffer = (buffer << BitsInByte) | b;
            for (bits += BitsInByte; bits >= BitsInCharacter; bits -= BitsInCharacter)
            {
                text[length++] = Alphabet[(buffer >> (bits - BitsInCharacter)) & 31];
            }

            buffer &= (1 << bits) - 1;
        }

        if (bits > 0)
        {
            text[length] = Alphabet[(buffer << (BitsInCharacter - bits)) & 31];
        }

        return new string(text);
    }

    /// <exception cref="NKeysException">A character is not of the alphabet.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text)
    {
        var data = new byte[text.Length * BitsInCharacter / BitsInByte];
        var buffer = 0;
        var bits = 0;
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var value = Alphabet.IndexOf(text[i], StringComparison.Ordinal);
            if (value < 0)
            {
                throw new NKeysException($"The key has a character at position {i + 1} that is no base32 (A to Z, 2 to 7).");
            }

            buffer = (buffer << BitsInCharacter) | value;
            bits += BitsInCharacter;
            if (bits >= BitsInByte)
            {
                bits -= BitsInByte;
                data[length++] = (byte)(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }

        return data;
    }
}
