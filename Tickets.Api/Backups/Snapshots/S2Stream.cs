using System.Buffers.Binary;
using System.Numerics;

namespace Tickets.Api.Backups.Snapshots;

/// <summary>Reads what is compressed with S2 (Snappy framing format): every frame's checksum is verified.</summary>
/// <param name="source">What is compressed.</param>
internal sealed class S2Stream(Stream source) : Stream
{
    private const byte Compressed = 0x00;
    private const byte Plain = 0x01;
    private const byte FirstSkippable = 0x80;
    private const int ChecksumLength = 4;

    private ReadOnlyMemory<byte> _content;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="EndOfStreamException">It ends within a frame.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (_content.IsEmpty)
        {
            if (!ReadFrame())
            {
                return 0;
            }
        }

        var count = Math.Min(buffer.Length, _content.Length);
        _content.Span[..count].CopyTo(buffer);
        _content = _content[count..];
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // A kind, three bytes of length, and the frame.
    private bool ReadFrame()
    {
        Span<byte> header = stackalloc byte[4];
        var read = source.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (read == 0)
        {
            return false;
        }

        if (read < header.Length)
        {
            throw new EndOfStreamException("it ends within a frame");
        }

        var frame = new byte[header[1] | (header[2] << 8) | (header[3] << 16)];
        source.ReadExactly(frame);
        if (header[0] is Compressed or Plain)
        {
            Open(frame, header[0] == Compressed);
        }
        else if (header[0] < FirstSkippable)
        {
            throw new InvalidDataException($"a frame is of the unknown kind {header[0]}");
        }

        return true;
    }

    private void Open(byte[] frame, bool isCompressed)
    {
        var content = isCompressed ? S2Block.Decode(frame.AsSpan(ChecksumLength)) : frame[ChecksumLength..];
        if (MaskedChecksum(content) != BinaryPrimitives.ReadUInt32LittleEndian(frame))
        {
            throw new InvalidDataException("a frame does not have its checksum");
        }

        _content = content;
    }

    // CRC-32C, rotated and shifted as the format has it.
    private static uint MaskedChecksum(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        while (content.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(content));
            content = content[sizeof(ulong)..];
        }

        foreach (var one in content)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return unchecked(BitOperations.RotateRight(~crc, 15) + 0xA282EAD8);
    }
}
