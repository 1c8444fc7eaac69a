using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace NATS.NKeys;

/// <summary>An Ed25519 key (RFC 8032) as NATS writes it. Disposing wipes the seed from memory.</summary>
public sealed class KeyPair : IDisposable
{
    private readonly PrefixByte _kind;
    private readonly byte[] _publicKey;
    private readonly byte[]? _seed;
    private bool _disposed;

    private KeyPair(PrefixByte kind, byte[] publicKey, byte[]? seed) => (_kind, _publicKey, _seed) = (kind, publicKey, seed);

    /// <summary>Reads a seed, such as <c>SUA…</c>.</summary>
    /// <exception cref="NKeysException">It is no seed.</exception>
    public static KeyPair FromSeed(ReadOnlySpan<char> seed)
    {
        var (kind, bytes) = KeyCodec.DecodeSeed(seed);
        return FromSeed(kind, bytes);
    }

    /// <summary>Reads a public key, such as <c>UA…</c>; it can verify and not sign.</summary>
    /// <exception cref="NKeysException">It is no public key.</exception>
    public static KeyPair FromPublicKey(ReadOnlySpan<char> publicKey)
    {
        var (kind, key) = KeyCodec.DecodePublic(publicKey);
        return new KeyPair(kind, key, seed: null);
    }

    /// <summary>Makes a new key.</summary>
    /// <param name="prefix">What it is for; not <see cref="PrefixByte.Seed"/> or <see cref="PrefixByte.Private"/>.</param>
    /// <exception cref="NKeysException">Keys of this kind can't be made.</exception>
    public static KeyPair CreatePair(PrefixByte prefix) =>
        prefix is PrefixByte.Seed or PrefixByte.Private || !Enum.IsDefined(prefix)
            ? throw new NKeysException($"A key pair can't be of the kind {prefix}.")
            : FromSeed(prefix, RandomNumberGenerator.GetBytes(KeyCodec.KeyLength));

    /// <summary>The public key, 56 characters.</summary>
    public string GetPublicKey()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return KeyCodec.EncodePublic(_kind, _publicKey);
    }

    /// <summary>The seed, 58 characters.</summary>
    /// <exception cref="NKeysException">Only the public key is known.</exception>
    public string GetSeed() => KeyCodec.EncodeSeed(_kind, SeedOrThrow());

    /// <summary>Signs.</summary>
    /// <param name="data">What is signed.</param>
    /// <param name="signature">Receives 64 bytes.</param>
    /// <exception cref="NKeysException">Only the public key is known, or <paramref name="signature"/> is too short.</exception>
    public void Sign(ReadOnlyMemory<byte> data, Memory<byte> signature)
    {
        var seed = SeedOrThrow();
        if (signature.Length < Ed25519.SignatureSize)
        {
            throw new NKeysException($"A signature needs {Ed25519.SignatureSize} bytes, there are {signature.Length}.");
        }

        var signed = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(seed, 0, data.ToArray(), 0, data.Length, signed, 0);
        signed.CopyTo(signature);
    }

    /// <summary>Whether a signature of 64 bytes is this key's.</summary>
    public bool Verify(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> signature)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return signature.Length == Ed25519.SignatureSize
            && Ed25519.Verify(signature.ToArray(), 0, _publicKey, 0, data.ToArray(), 0, data.Length);
    }

    /// <summary>Wipes the seed. Every later call throws.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_seed);
    }

    private static KeyPair FromSeed(PrefixByte kind, byte[] seed)
    {
        var publicKey = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(seed, 0, publicKey, 0);
        return new KeyPair(kind, publicKey, seed);
    }

    private byte[] SeedOrThrow()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _seed ?? throw new NKeysException("Only the public key is known; it can't sign.");
    }
}
