namespace NATS.NKeys;

/// <summary>What a key is for: the first byte of an encoded key. Its upper five bits are the key's first letter.</summary>
public enum PrefixByte : byte
{
    /// <summary>An account, <c>A</c>.</summary>
    Account = 0,

    /// <summary>A cluster, <c>C</c>.</summary>
    Cluster = 2 << 3,

    /// <summary>A server, <c>N</c>.</summary>
    Server = 13 << 3,

    /// <summary>An operator, <c>O</c>.</summary>
    Operator = 14 << 3,

    /// <summary>A raw private key, <c>P</c>. Never the kind of a <see cref="KeyPair"/>.</summary>
    Private = 15 << 3,

    /// <summary>A seed, <c>S</c>; the kind of key follows it. Never the kind of a <see cref="KeyPair"/>.</summary>
    Seed = 18 << 3,

    /// <summary>A user, <c>U</c>.</summary>
    User = 20 << 3,

    /// <summary>An X25519 key for encryption, <c>X</c>; it can't sign.</summary>
    Curve = 23 << 3,

    /// <summary>Not a known kind, <c>Z</c>. Never the kind of a <see cref="KeyPair"/>.</summary>
    Unknown = 25 << 3,
}
