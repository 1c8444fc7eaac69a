using System.Buffers.Binary;
using System.Formats.Tar;
using System.Numerics;
using NatsServers;
using Tickets.Api.Backups.Snapshots;

namespace Tickets.Tests.Backups;

/// <summary>A snapshot that the server could not finish is told from a whole one.</summary>
public sealed class SnapshotCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task one_with_configuration_and_messages_is_whole() =>
        (await FaultAsync(hasMessages: true, "meta.inf", "msgs/1.blk")).ShouldBeNull();

    [Fact]
    public async Task one_in_which_the_server_has_noted_an_error_is_not() =>
        (await FaultAsync(hasMessages: true, "meta.inf", "msgs/1.blk", "errors.txt")).ShouldBe("content of errors.txt");

    [Fact]
    public async Task one_without_the_messages_of_its_stream_is_not() =>
        (await FaultAsync(hasMessages: true, "meta.inf")).ShouldBe("it has no messages");

    [Fact]
    public async Task one_of_an_empty_stream_needs_none() =>
        (await FaultAsync(hasMessages: false, "meta.inf")).ShouldBeNull();

    [Fact]
    public async Task one_that_ends_early_or_is_damaged_is_not_whole()
    {
        var whole = Snapshot("meta.inf", "msgs/1.blk");
        whole[^1] ^= 1;

        (await FaultAsync(whole, hasMessages: true)).ShouldBe("a frame does not have its checksum");
        (await FaultAsync(whole[..^1], hasMessages: true)).ShouldNotBeNull();
        (await FaultAsync([], hasMessages: true)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("07-18-41-42-43-44-45-46-47", "ABCDEFG")]
    [InlineData("03-F0-02-41-42-43", "ABC")]
    [InlineData("0A-04-41-42-11-02", "ABABABABAB")]
    [InlineData("0A-04-41-42-1E-02-00", "ABABABABAB")]
    [InlineData("0A-04-41-42-1F-02-00-00-00", "ABABABABAB")]
    [InlineData("0C-04-41-42-01-02-09-00", "ABABABABABAB")]
    [InlineData("0E-04-41-42-01-02-15-00-00", "ABABABABABABAB")]
    public void literals_and_copies_of_what_came_before_are_decompressed(string block, string content) =>
        System.Text.Encoding.ASCII.GetString(S2Block.Decode(BytesOf(block))).ShouldBe(content);

    [Theory]
    [InlineData("05-01-09")]
    [InlineData("05-04-41-42")]
    [InlineData("FF-FF-FF-FF-0F")]
    public void a_damaged_block_is_said_to_be_one(string block) =>
        Should.Throw<InvalidDataException>(() => S2Block.Decode(BytesOf(block)));

    public void Dispose() => _folder.Dispose();

    private static byte[] BytesOf(string hexadecimal) => Convert.FromHexString(hexadecimal.Replace("-", string.Empty, StringComparison.Ordinal));

    private Task<string?> FaultAsync(bool hasMessages, params string[] files) => FaultAsync(Snapshot(files), hasMessages);

    private async Task<string?> FaultAsync(byte[] snapshot, bool hasMessages)
    {
        await File.WriteAllBytesAsync(_folder.File("snapshot"), snapshot);
        return await SnapshotCheck.FaultAsync(_folder.File("snapshot"), hasMessages);
    }

    // A tar in one frame that is not compressed.
    private static byte[] Snapshot(params string[] files)
    {
        using var content = new MemoryStream();
        using (var tar = new TarWriter(content, leaveOpen: true))
        {
            foreach (var file in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, file) { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"content of {file}")) });
            }
        }

        var bytes = content.ToArray();
        var crc = bytes.Aggregate(uint.MaxValue, BitOperations.Crc32C);
        var header = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(header, ((bytes.Length + 4) << 8) | 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), unchecked(BitOperations.RotateRight(~crc, 15) + 0xA282EAD8));
        return [0xFF, 6, 0, 0, .. "S2sTwO"u8, .. header, .. bytes];
    }
}
