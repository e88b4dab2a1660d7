using System.Runtime.Versioning;
using Microsoft.Extensions.Time.Testing;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.TestKit;

namespace TransferPipeline.Storage.Tests.Artefacts;

[UnsupportedOSPlatform("windows")]
public sealed class When_artefacts_are_kept_in_a_folder : ArtefactsCompliance, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    protected override IArtefacts Open() => new FileArtefacts(_folder["artefacts"], _time);

    protected override void Damage(ArtefactRef artefact)
    {
        var path = PathOf(artefact);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var file = File.OpenWrite(path);
        file.WriteByte((byte)'?');
    }

    [Fact]
    public async Task The_file_cannot_be_written_by_mistake()
    {
        var artefact = await Store("abc");

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            File.GetUnixFileMode(PathOf(artefact))
        );
    }

    [Fact]
    public async Task Verified_bytes_are_not_hashed_again_while_size_and_time_stay()
    {
        var artefacts = Open();
        var artefact = await Store("abc");
        _time.Advance(TimeSpan.FromMinutes(1));
        await artefacts.GetFileAsync(artefact);

        // Only a store that trusts its first look accepts bytes changed under the same time stamp.
        var written = File.GetLastWriteTimeUtc(PathOf(artefact));
        Damage(artefact);
        File.SetLastWriteTimeUtc(PathOf(artefact), written);

        await artefacts.GetFileAsync(artefact);
        await Assert.ThrowsAsync<MissingArtefactException>(() => Open().GetFileAsync(artefact));
    }

    [Fact]
    public async Task Bytes_younger_than_a_tick_of_the_clock_are_hashed_each_time()
    {
        var artefacts = Open();
        var artefact = await Store("abc");
        await artefacts.GetFileAsync(artefact);
        var written = File.GetLastWriteTimeUtc(PathOf(artefact));
        Damage(artefact);
        File.SetLastWriteTimeUtc(PathOf(artefact), written);

        await Assert.ThrowsAsync<MissingArtefactException>(() => artefacts.GetFileAsync(artefact));
    }

    [Fact]
    public async Task Storing_again_makes_the_artefact_young_again()
    {
        var artefact = await Store("abc");
        File.SetLastWriteTimeUtc(PathOf(artefact), DateTime.UtcNow.AddDays(-3));

        await Store("abc");

        Assert.InRange(Assert.Single(await List()).Stored, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
    }

    [Fact]
    public void Half_written_files_of_dead_processes_are_removed_after_an_hour()
    {
        Open();
        var leftover = _folder.Write("artefacts/incoming/0123", "half");

        Open();
        Assert.True(File.Exists(leftover));

        _time.Advance(TimeSpan.FromHours(2));
        Open();
        Assert.False(File.Exists(leftover));
    }

    [Fact]
    public async Task A_file_that_is_still_being_written_stays_however_long_it_takes()
    {
        await Open()
            .StoreAsync(
                (to, _) =>
                {
                    to.WriteByte(1);
                    _time.Advance(TimeSpan.FromHours(2));
                    Open();
                    to.WriteByte(2);
                    return Task.CompletedTask;
                }
            );

        Assert.Single(await List());
    }

    public void Dispose() => _folder.Dispose();

    private string PathOf(ArtefactRef artefact) =>
        _folder["artefacts", artefact.Hash.Substring(7, 2), artefact.Hash[7..]];
}
