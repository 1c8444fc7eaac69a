using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using NatsServers;
using Tickets.Api.Backups;
using Tickets.Handlers.Storage;

namespace Tickets.Tests.Backups;

/// <summary>An archive is read only when it is whole.</summary>
public sealed class ArchiveTests : IDisposable
{
    private const int EveryFew = 23;
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Files => [.. FileNames];

    private static string[] FileNames =>
    [
        BackupManifest.FileName, BackupManifest.HashFileName, .. BackupManifest.Order.SelectMany(stream => new[] { ArchivedStream.ImageFile(stream), ArchivedStream.SnapshotFile(stream) }), ArchivedDatabase.CopyFile,
    ];

    private string Archive => _folder.File("a.tar");

    [Fact]
    public async Task what_was_written_is_read_to_the_letter()
    {
        var written = await WriteAsync();

        var read = await new ArchiveReader(Archive).VerifyAsync();

        Encoding.UTF8.GetString(read.ToJson()).ShouldBe(Encoding.UTF8.GetString(written.ToJson()));
        (await new ArchiveReader(Archive).ReadAsync(read.Database.Copy, content => new StreamReader(content).ReadToEndAsync())).ShouldBe($"content of {ArchivedDatabase.CopyFile}");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task a_byte_that_is_another_is_found_in_every_file(string name)
    {
        await WriteAsync();
        Flip(await OffsetAsync(name) + 5);

        (await RefusalAsync()).ShouldContain(name);
    }

    // A header has times and owners too, which nobody reads.
    [Fact]
    public async Task wherever_a_byte_is_another_it_is_refused_in_one_line_or_nothing_that_is_read_differs()
    {
        var written = await WriteAsync();
        var refused = 0;
        var length = new FileInfo(Archive).Length;
        for (var offset = 0L; offset < length; offset += EveryFew)
        {
            Flip(offset);
            try
            {
                Encoding.UTF8.GetString((await new ArchiveReader(Archive).VerifyAsync()).ToJson()).ShouldBe(Encoding.UTF8.GetString(written.ToJson()));
            }
            catch (BackupException e)
            {
                e.Message.Split('\n').ShouldHaveSingleItem();
                refused++;
            }

            Flip(offset);
        }

        refused.ShouldBeGreaterThan(0);
        await new ArchiveReader(Archive).VerifyAsync();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task an_archive_that_ends_early_is_found_wherever_it_ends(string name)
    {
        await WriteAsync();
        var end = await OffsetAsync(name) + 3;
        await using (var file = File.OpenWrite(Archive))
        {
            file.SetLength(end);
        }

        await RefusalAsync();
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/outside")]
    [InlineData("streams/OTHER.json")]
    [InlineData(ArchivedDatabase.CopyFile)]
    public async Task what_does_not_belong_into_it_is_refused(string name)
    {
        await WriteAsync();
        await RewriteAsync(entries => entries.Append(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("evil"u8.ToArray()) }));

        (await RefusalAsync()).ShouldContain(name);
    }

    [Fact]
    public async Task a_file_that_is_missing_is_named()
    {
        await WriteAsync();
        await RewriteAsync(entries => entries.Where(entry => entry.Name != ArchivedStream.SnapshotFile("TICKET_EVENTS")));

        (await RefusalAsync()).ShouldContain($"{ArchivedStream.SnapshotFile("TICKET_EVENTS")} is missing");
    }

    [Fact]
    public async Task a_later_format_is_refused()
    {
        await WriteAsync(format: 2);

        (await RefusalAsync()).ShouldContain("has format 2");
    }

    [Fact]
    public async Task a_manifest_of_a_version_that_did_not_know_since_when_events_waited_is_read()
    {
        var json = JsonNode.Parse((await WriteAsync()).ToJson())!.AsObject();
        json.Remove("events_since").ShouldBeTrue();

        BackupManifest.Read(Encoding.UTF8.GetBytes(json.ToJsonString())).EventsSince.ShouldBeNull();
    }

    [Fact]
    public async Task a_manifest_that_names_other_streams_is_refused()
    {
        await WriteAsync(renamed: "PAYROLL");

        (await RefusalAsync()).ShouldContain("does not name the three streams");
    }

    [Fact]
    public async Task another_file_is_no_archive()
    {
        await File.WriteAllTextAsync(Archive, "It was a dark and stormy night.");

        await RefusalAsync();
    }

    [Fact]
    public async Task a_file_that_is_there_is_not_written_over_and_what_is_made_is_its_owners_alone()
    {
        await WriteAsync();

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Archive).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Should.Throw<BackupException>(() => new ArchiveWriter(Archive)).Message.ShouldContain("is there already");
        Directory.GetFileSystemEntries(_folder.Path).ShouldBe([Archive]);
    }

    // It was deleted, whoever's it was.
    [Theory]
    [InlineData("files")]
    [InlineData("part")]
    public void what_another_backup_has_begun_is_left_alone(string extension)
    {
        var begun = Directory.CreateDirectory($"{Archive}.{extension}").FullName;

        Should.Throw<BackupException>(() => new ArchiveWriter(Archive)).Message.ShouldStartWith($"{begun} is there already");

        Directory.GetFileSystemEntries(_folder.Path).ShouldBe([begun]);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<BackupManifest> WriteAsync(int format = BackupManifest.CurrentFormat, string? renamed = null)
    {
        using var archive = new ArchiveWriter(Archive);
        List<ArchivedStream> streams = [];
        foreach (var name in BackupManifest.Order)
        {
            streams.Add(new ArchivedStream(renamed ?? name, 1, 2, 3, 4, await FileAsync(archive, ArchivedStream.ImageFile(name)), await FileAsync(archive, ArchivedStream.SnapshotFile(name))));
        }

        var database = new ArchivedDatabase("sqlite", "0001.sql", await FileAsync(archive, ArchivedDatabase.CopyFile));
        var manifest = new BackupManifest(format, DateTimeOffset.UnixEpoch, "ticket-svc", "2.9.10", streams, database);
        await archive.CompleteAsync(manifest, TestContext.Current.CancellationToken);
        return manifest;
    }

    private static async Task<ArchivedFile> FileAsync(ArchiveWriter archive, string name)
    {
        await File.WriteAllTextAsync(archive.PathOf(name), $"content of {name}");
        return await ArchivedFile.OfAsync(name, archive.PathOf(name));
    }

    private async Task<string> RefusalAsync()
    {
        var message = (await Should.ThrowAsync<BackupException>(() => new ArchiveReader(Archive).VerifyAsync())).Message;
        message.Split('\n').ShouldHaveSingleItem();
        return message;
    }

    private async Task<long> OffsetAsync(string name)
    {
        await using var tar = new TarReader(File.OpenRead(Archive));
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name == name)
            {
                return entry.DataOffset;
            }
        }

        throw new InvalidOperationException($"{name} is not in the archive");
    }

    private void Flip(long offset)
    {
        using var file = File.Open(Archive, FileMode.Open);
        file.Position = offset;
        var old = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(old ^ 0x10));
    }

    private async Task RewriteAsync(Func<IEnumerable<TarEntry>, IEnumerable<TarEntry>> change)
    {
        List<TarEntry> entries = [];
        await using (var tar = new TarReader(File.OpenRead(Archive)))
        {
            while (await tar.GetNextEntryAsync(copyData: true) is { } entry)
            {
                entries.Add(entry);
            }
        }

        await using var writer = new TarWriter(File.Create(Archive));
        foreach (var entry in change(entries))
        {
            await writer.WriteEntryAsync(entry);
        }
    }
}
