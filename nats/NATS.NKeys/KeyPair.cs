using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc7748;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace NATS.NKeys;

/// <summary>
/// A key of the NKeys specification: Ed25519 (RFC 8032), or X25519 (RFC 7748) for <see cref="PrefixByte.Curve"/>.
/// <see cref="Dispose"/> wipes the seed; every member but <see cref="Prefix"/> then throws <see cref="ObjectDisposedException"/>.
/// </summary>
public sealed class KeyPair : IDisposable
{
    private readonly byte[] _publicKey;
    private readonly byte[]? _seed;
    private bool _disposed;

    private KeyPair(PrefixByte prefix, byte[] publicKey, byte[]? seed) => (Prefix, _publicKey, _seed) = (prefix, publicKey, seed);

    /// <summary>What the key is for.</summary>
    public PrefixByte Prefix { get; }

    /// <summary>Reads a seed, such as <c>SUA…</c>.</summary>
    /// <param name="seed">58 characters.</param>
    /// <exception cref="NKeysException">It is not a seed; the message says why.</exception>
    public static KeyPair FromSeed(ReadOnlySpan<char> seed)
    {
        var bytes = AllocateSeed();
        return FromSeed(KeyCodec.DecodeSeed(seed, bytes), bytes);
    }

    /// <summary>Reads a public key, such as <c>UA…</c>; it can verify, not sign.</summary>
    /// <param name="publicKey">56 characters.</param>
    /// <exception cref="NKeysException">It is not a public key; the message says why.</exception>
    public static KeyPair FromPublicKey(ReadOnlySpan<char> publicKey)
    {
        var bytes = new byte[KeyCodec.KeyLength];
        return new KeyPair(KeyCodec.DecodePublic(publicKey, bytes), bytes, seed: null);
    }

    /// <summary>Makes a new key from the system's random numbers.</summary>
    /// <param name="prefix">What it is for.</param>
    /// <exception cref="NKeysException">There are no key pairs of this kind.</exception>
    public static KeyPair CreatePair(PrefixByte prefix)
    {
        if (!KeyCodec.HasPairs(prefix))
        {
            throw new NKeysException($"There are no key pairs of the kind {prefix}.");
        }

        var seed = AllocateSeed();
        RandomNumberGenerator.Fill(seed);
        return FromSeed(prefix, seed);
    }

    /// <summary>The public key, 56 characters.</summary>
    public string GetPublicKey()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return KeyCodec.EncodePublic(Prefix, _publicKey);
    }

    /// <summary>The seed, 58 characters. Keep it secret.</summary>
    /// <exception cref="NKeysException">Only the public key is known.</exception>
    public string GetSeed() => KeyCodec.EncodeSeed(Prefix, SeedOrThrow());

    /// <summary>Signs.</summary>
    /// <param name="data">What is signed.</param>
    /// <param name="signature">Receives the signature; exactly 64 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="signature"/> is not of 64 bytes.</exception>
    /// <exception cref="NKeysException">Only the public key is known, or it is a curve key.</exception>
    public void Sign(ReadOnlyMemory<byte> data, Memory<byte> signature)
    {
        var seed = SeedOrThrow();
        RequireSigningKey();
        if (signature.Length != Ed25519.SignatureSize)
        {
            throw new ArgumentException($"A signature has {Ed25519.SignatureSize} bytes, not {signature.Length}.", nameof(signature));
        }

        // An array in second place would be taken for a context (Ed25519ctx), which gives another signature.
        Ed25519.Sign(seed, _publicKey.AsSpan(), data.Span, signature.Span);
    }

    /// <summary>Whether the signature is this key's for these data. A signature that is not of 64 bytes never is.</summary>
    /// <param name="data">What was signed.</param>
    /// <param name="signature">What <see cref="Sign"/> wrote.</param>
    /// <exception cref="NKeysException">It is a curve key.</exception>
    public bool Verify(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> signature)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireSigningKey();
        return signature.Length == Ed25519.SignatureSize && Ed25519.Verify(signature.Span, _publicKey, data.Span);
    }

    /// <summary>Wipes the seed. More than one call is harmless.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_seed);
    }

    private static KeyPair FromSeed(PrefixByte prefix, byte[] seed)
    {
        var publicKey = new byte[KeyCodec.KeyLength];
        if (prefix == PrefixByte.Curve)
        {
            X25519.GeneratePublicKey(seed, publicKey);
        }
        else
        {
            Ed25519.GeneratePublicKey(seed, publicKey);
        }

        return new KeyPair(prefix, publicKey, seed);
    }

    // Pinned, because the garbage collector moves other arrays and leaves copies behind that nobody wipes.
    private static byte[] AllocateSeed() => GC.AllocateArray<byte>(KeyCodec.KeyLength, pinned: true);

    private byte[] SeedOrThrow()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _seed ?? throw new NKeysException("This key was made from a public key: its seed is not known, so it can't sign.");
    }

    private void RequireSigningKey()
    {
        if (Prefix == PrefixByte.Curve)
        {
            throw new NKeysException("A curve key (X) is for encryption: it can neither sign nor verify.");
        }
    }
}
