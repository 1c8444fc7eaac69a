using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace NATS.NKeys;

/// <summary>Base32 without padding (RFC 4648, section 6).</summary>
internal static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int BitsInCharacter = 5;
    private const int BitsInByte = 8;

    /// <summary>How many characters a number of bytes takes.</summary>
    public static int LengthOf(int bytes) => ((bytes * BitsInByte) + BitsInCharacter - 1) / BitsInCharacter;

    /// <summary>Where the first character is that is not of the alphabet; -1 if there is none.</summary>
    public static int IndexOfInvalid(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(Alphabet);

    public static string Encode(ReadOnlySpan<byte> data)
    {
        Span<char> text = stackalloc char[LengthOf(data.Length)];
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

        var encoded = new string(text);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(text));
        return encoded;
    }

    /// <summary>Decodes text that has only characters of the alphabet.</summary>
    /// <param name="text">As long as <paramref name="data"/> needs.</param>
    /// <param name="data">Receives the bytes.</param>
    /// <returns>Whether the last character's unused bits are zero; if not, no encoder wrote this text.</returns>
    public static bool Decode(ReadOnlySpan<char> text, Span<byte> data)
    {
        Debug.Assert(text.Length == LengthOf(data.Length), "The lengths don't belong together.");
        var buffer = 0;
        var bits = 0;
        var length = 0;
        foreach (var character in text)
        {
            buffer = (buffer << BitsInCharacter) | Alphabet.IndexOf(character, StringComparison.Ordinal);
            bits += BitsInCharacter;
            if (bits >= BitsInByte)
            {
                bits -= BitsInByte;
                data[length++] = (byte)(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }

        return buffer == 0;
    }
}
