using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Storage.Tests.Documents;

/// <summary>What every adapter of <see cref="IDocuments{T}"/> must do.</summary>
public abstract class DocumentsCompliance
{
    /// <summary>The collection of this test; each call opens it anew, as another process would.</summary>
    protected abstract IDocuments<ParcelDocument> Open();

    [Fact]
    public async Task A_new_document_is_stored_as_version_1()
    {
        var parcels = Open();

        Assert.True(await parcels.InsertAsync(Parcel("a") with { Count = 3 }));

        var stored = await parcels.GetAsync("a");
        Assert.Equal(Parcel("a") with { Count = 3, Version = 1 }, stored);
    }

    [Fact]
    public async Task A_taken_id_is_refused_and_the_first_document_stays()
    {
        var parcels = Open();
        await parcels.InsertAsync(Parcel("a") with { Count = 1 });

        Assert.False(await parcels.InsertAsync(Parcel("a") with { Count = 2 }));

        Assert.Equal(1, (await parcels.GetAsync("a"))!.Count);
    }

    [Fact]
    public async Task A_missing_document_is_null() => Assert.Null(await Open().GetAsync("nowhere"));

    [Fact]
    public async Task Replacing_raises_the_version()
    {
        var parcels = Open();
        await parcels.InsertAsync(Parcel("a"));
        var read = (await parcels.GetAsync("a"))!;

        var replaced = await parcels.ReplaceAsync(read with { Count = 7 });

        Assert.Equal(2, replaced!.Version);
        Assert.Equal(replaced, await parcels.GetAsync("a"));
    }

    [Fact]
    public async Task Replacing_an_older_version_is_refused_and_changes_nothing()
    {
        var parcels = Open();
        await parcels.InsertAsync(Parcel("a"));
        var old = (await parcels.GetAsync("a"))!;
        await parcels.ReplaceAsync(old with { Count = 1 });

        Assert.Null(await parcels.ReplaceAsync(old with { Count = 2 }));

        Assert.Equal(1, (await parcels.GetAsync("a"))!.Count);
    }

    [Fact]
    public async Task Replacing_what_is_gone_is_refused()
    {
        var parcels = Open();

        Assert.Null(await parcels.ReplaceAsync(Parcel("a") with { Version = 1 }));
        Assert.Null(await parcels.GetAsync("a"));
    }

    [Fact]
    public async Task Documents_are_found_by_an_indexed_field_in_the_order_of_their_ids()
    {
        var parcels = Open();
        await parcels.InsertAsync(Parcel("c") with { State = ParcelState.Sent });
        await parcels.InsertAsync(Parcel("a") with { State = ParcelState.Sent });
        await parcels.InsertAsync(Parcel("b") with { State = ParcelState.Open });

        Assert.Equal(["a", "c"], await Ids(parcels, ("state", "sent")));
    }

    [Fact]
    public async Task Documents_are_found_by_several_fields_together()
    {
        var parcels = Open();
        await parcels.InsertAsync(Parcel("a") with { State = ParcelState.Sent, Owner = "x" });
        await parcels.InsertAsync(Parcel("b") with { State = ParcelState.Sent, Owner = "y" });
        await parcels.InsertAsync(Parcel("c") with { State = ParcelState.Open, Owner = "y" });
        await parcels.InsertAsync(Parcel("d") with { State = ParcelState.Sent });

        Assert.Equal(["b"], await Ids(parcels, ("state", "sent"), ("owner", "y")));
        Assert.Equal(["b"], await Ids(parcels, ("owner", "y"), ("state", "sent")));
        Assert.Equal(["a", "b", "c", "d"], await Ids(parcels));
    }

    [Fact]
    public async Task A_changed_field_is_found_under_its_new_value_only()
    {
        var parcels = Open();
        await parcels.InsertAsync(Parcel("a"));
        await parcels.ReplaceAsync((await parcels.GetAsync("a"))! with { State = ParcelState.Sent });

        Assert.Empty(await Ids(parcels, ("state", "open")));
        Assert.Equal(["a"], await Ids(parcels, ("state", "sent")));
    }

    [Fact]
    public async Task More_documents_than_fit_one_answer_are_all_found_once()
    {
        var parcels = Open();
        var ids = Enumerable.Range(0, 1100).Select(number => $"p{number:0000}").ToList();
        foreach (var id in ids)
            await parcels.InsertAsync(Parcel(id));

        Assert.Equal(ids, await Ids(parcels, ("state", "open")));
    }

    [Fact]
    public async Task A_field_without_an_index_cannot_be_asked_for()
    {
        var parcels = Open();

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => Ids(parcels, ("count", "1")));
        Assert.Contains("parcels has no index over 'count'", refusal.Message);
    }

    [Fact]
    public async Task A_deleted_document_is_gone()
    {
        var parcels = Open();
        await parcels.InsertAsync(Parcel("a"));

        Assert.True(await parcels.DeleteAsync("a"));
        Assert.False(await parcels.DeleteAsync("a"));
        Assert.Null(await parcels.GetAsync("a"));
        Assert.Empty(await Ids(parcels, ("state", "open")));
    }

    [Fact]
    public async Task Another_connection_sees_what_one_has_written()
    {
        var one = Open();
        var other = Open();
        await one.InsertAsync(Parcel("a"));
        var seen = (await other.GetAsync("a"))!;
        await other.ReplaceAsync(seen with { Count = 5 });

        Assert.Equal(5, (await one.GetAsync("a"))!.Count);
        Assert.Null(await one.ReplaceAsync(seen with { Count = 6 }));
    }

    [Fact]
    public async Task Of_eight_writers_with_the_same_version_exactly_one_is_accepted()
    {
        IDocuments<ParcelDocument>[] connections = [Open(), Open()];
        for (var round = 0; round < 25; round++)
            await connections[0].InsertAsync(Parcel($"p{round}"));

        for (var round = 0; round < 25; round++)
        {
            var seen = (await connections[0].GetAsync($"p{round}"))!;
            var accepted = await InParallel(
                8,
                writer => connections[writer % 2].ReplaceAsync(seen with { Count = writer + 1 })
            );

            var winner = Assert.Single(accepted, document => document is not null);
            Assert.Equal(winner, await connections[1].GetAsync($"p{round}"));
        }
    }

    [Fact]
    public async Task Eight_counters_that_try_again_lose_no_count()
    {
        IDocuments<ParcelDocument>[] connections = [Open(), Open()];
        await connections[0].InsertAsync(Parcel("counter"));

        await InParallel(
            8,
            async writer =>
            {
                var parcels = connections[writer % 2];
                for (var counted = 0; counted < 20; )
                {
                    var seen = (await parcels.GetAsync("counter"))!;
                    if (await parcels.ReplaceAsync(seen with { Count = seen.Count + 1 }) is not null)
                        counted++;
                }
                return true;
            }
        );

        var counter = (await connections[0].GetAsync("counter"))!;
        Assert.Equal((160, 161), (counter.Count, counter.Version));
    }

    [Fact]
    public async Task Of_eight_inserts_of_one_id_exactly_one_is_accepted()
    {
        IDocuments<ParcelDocument>[] connections = [Open(), Open()];

        var accepted = await InParallel(
            8,
            writer => connections[writer % 2].InsertAsync(Parcel("a") with { Count = writer })
        );

        Assert.Single(accepted, inserted => inserted);
    }

    protected static ParcelDocument Parcel(string id) => new() { Id = id };

    protected static async Task<List<string>> Ids(
        IDocuments<ParcelDocument> parcels,
        params (string Field, string Value)[] equal
    )
    {
        var ids = new List<string>();
        await foreach (var parcel in parcels.FindAsync(TestContext.Current.CancellationToken, equal))
            ids.Add(parcel.Id);
        return ids;
    }

    private static async Task<TResult[]> InParallel<TResult>(int writers, Func<int, Task<TResult>> work)
    {
        using var start = new Barrier(writers);
        var tasks = Enumerable
            .Range(0, writers)
            .Select(writer =>
                Task.Factory.StartNew(
                        () =>
                        {
                            start.SignalAndWait();
                            return work(writer);
                        },
                        TaskCreationOptions.LongRunning
                    )
                    .Unwrap()
            );
        return await Task.WhenAll(tasks);
    }
}
