using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Artefacts;

namespace TransferPipeline.Storage.Tests.Artefacts;

/// <summary>What every adapter of <see cref="IArtefacts"/> must do.</summary>
public abstract class ArtefactsCompliance
{
    private const string HashOfAbc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    /// <summary>The store of this test; each call opens it anew, as another process would.</summary>
    protected abstract IArtefacts Open();

    /// <summary>Changes a stored byte behind the store's back.</summary>
    protected abstract void Damage(ArtefactRef artefact);

    [Fact]
    public async Task The_name_of_the_bytes_is_their_sha_256() => Assert.Equal(HashOfAbc, (await Store("abc")).Hash);

    [Fact]
    public async Task Stored_bytes_are_read_again_also_by_another_process()
    {
        var artefact = await Store("abc");

        Assert.Equal("abc", File.ReadAllText(await Open().GetFileAsync(artefact)));
        Assert.True(await Open().VerifyAsync(artefact));
    }

    [Fact]
    public async Task Bytes_of_many_writes_are_hashed_as_one()
    {
        var bytes = new byte[1_000_003];
        new Random(7).NextBytes(bytes);

        var artefact = await Open()
            .StoreAsync(
                async (to, stop) =>
                {
                    to.Write(bytes, 0, 10);
                    to.WriteByte(bytes[10]);
                    await to.WriteAsync(bytes.AsMemory(11), stop);
                }
            );

        Assert.Equal(ContentHash.Of(bytes), artefact.Hash);
        Assert.Equal(bytes, File.ReadAllBytes(await Open().GetFileAsync(artefact)));
    }

    [Fact]
    public async Task Nothing_is_a_valid_content()
    {
        var artefact = await Store("");

        Assert.Empty(File.ReadAllBytes(await Open().GetFileAsync(artefact)));
    }

    [Fact]
    public async Task The_same_bytes_twice_are_stored_once()
    {
        Assert.Equal(await Store("abc"), await Store("abc"));

        var listed = Assert.Single(await List());
        Assert.Equal((HashOfAbc, 3L), (listed.Artefact.Hash, listed.Bytes));
    }

    [Fact]
    public async Task Eight_writers_of_the_same_bytes_leave_one_artefact()
    {
        var artefacts = Open();

        var stored = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store(artefacts, new string('x', 100_000))))
        );

        Assert.Single(stored.Distinct());
        Assert.Single(await List());
        Assert.True(await Open().VerifyAsync(stored[0]));
    }

    [Fact]
    public async Task A_writer_that_fails_half_way_leaves_nothing()
    {
        var artefacts = Open();

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            artefacts.StoreAsync(
                async (to, stop) =>
                {
                    await to.WriteAsync(Encoding.UTF8.GetBytes("ab"), stop);
                    throw new InvalidOperationException("half way");
                }
            )
        );

        Assert.Empty(await List());
    }

    [Fact]
    public async Task A_cancelled_writer_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Open()
                .StoreAsync(
                    async (to, _) =>
                    {
                        await to.WriteAsync(Encoding.UTF8.GetBytes("abc"), CancellationToken.None);
                        await stop.CancelAsync();
                    },
                    stop.Token
                )
        );

        Assert.Empty(await List());
    }

    [Fact]
    public async Task Unknown_bytes_are_missing()
    {
        var unknown = new ArtefactRef(HashOfAbc);

        var missing = await Assert.ThrowsAsync<MissingArtefactException>(() => Open().GetFileAsync(unknown));

        Assert.Equal(unknown, missing.Artefact);
        Assert.Equal($"Artefact {HashOfAbc} is not in the store.", missing.Message);
        Assert.False(await Open().VerifyAsync(unknown));
    }

    [Fact]
    public async Task Damaged_bytes_are_refused()
    {
        var artefact = await Store("abc");
        Damage(artefact);

        var missing = await Assert.ThrowsAsync<MissingArtefactException>(() => Open().GetFileAsync(artefact));

        Assert.Contains("is damaged", missing.Message);
        Assert.False(await Open().VerifyAsync(artefact));
    }

    [Fact]
    public async Task Bytes_damaged_after_they_were_read_are_refused_in_the_same_process()
    {
        var artefacts = Open();
        var artefact = await Store("abc");
        await artefacts.GetFileAsync(artefact);
        Damage(artefact);

        await Assert.ThrowsAsync<MissingArtefactException>(() => artefacts.GetFileAsync(artefact));
    }

    [Fact]
    public async Task Storing_again_mends_damaged_bytes()
    {
        var artefact = await Store("abc");
        Damage(artefact);

        await Store("abc");

        Assert.Equal("abc", File.ReadAllText(await Open().GetFileAsync(artefact)));
    }

    [Fact]
    public async Task Deleted_bytes_are_gone()
    {
        var artefacts = Open();
        var artefact = await Store("abc");
        await artefacts.GetFileAsync(artefact);

        Assert.True(await artefacts.DeleteAsync(artefact));
        Assert.False(await artefacts.DeleteAsync(artefact));
        Assert.Empty(await List());
        await Assert.ThrowsAsync<MissingArtefactException>(() => artefacts.GetFileAsync(artefact));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../../../etc/passwd")]
    [InlineData("sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    public async Task A_name_that_is_no_hash_opens_nothing(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Open().GetFileAsync(new ArtefactRef(name)));
        await Assert.ThrowsAsync<ArgumentException>(() => Open().DeleteAsync(new ArtefactRef(name)));
    }

    protected Task<ArtefactRef> Store(string text) => Store(Open(), text);

    protected async Task<List<StoredArtefact>> List()
    {
        var all = new List<StoredArtefact>();
        await foreach (var artefact in Open().ListAsync())
            all.Add(artefact);
        return all;
    }

    private static Task<ArtefactRef> Store(IArtefacts artefacts, string text) =>
        artefacts.StoreAsync((to, stop) => to.WriteAsync(Encoding.UTF8.GetBytes(text), stop).AsTask());
}
