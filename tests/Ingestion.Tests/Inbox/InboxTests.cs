using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using TransferPipeline.Hosting;
using TransferPipeline.Ingestion.Importing;
using TransferPipeline.Ingestion.Inbox;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Ingestion.Tests.Inbox;

public sealed class When_something_is_dropped_into_the_inbox : IDisposable
{
    private const string Reviews = "text,label\nfine film,pos\nawful film,neg\nlovely,pos\nboring,neg\n";

    private readonly Workbench _bench = new();
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private InboxFolder _inbox;

    public When_something_is_dropped_into_the_inbox() => _inbox = Restarted();

    [Fact]
    public async Task A_file_that_stands_still_is_imported_under_its_name_and_moved()
    {
        _folder.Write("reviews.csv", Reviews);

        Assert.Empty(await LookAsync());
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(await LookAsync());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["reviews.csv"], await LookAsync());

        var dataset = Assert.Single(await DatasetsAsync());
        Assert.Equal(("reviews@1", 4L), (dataset.Id, dataset.Dataset.Find("train")!.Rows));
        Assert.Equal(["done/reviews.csv"], Files());
        Assert.Equal(Reviews, await File.ReadAllTextAsync(_folder["done", "reviews.csv"]));
    }

    [Fact]
    public async Task A_file_that_grows_is_left_alone_until_it_stops()
    {
        var path = _folder.Write("reviews.csv", "text,label\nfine film,pos\n");
        await LookAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        await File.AppendAllTextAsync(path, "awful film,neg\n");

        Assert.Empty(await LookAsync());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["reviews.csv"], await LookAsync());
        Assert.Equal(2, Assert.Single(await DatasetsAsync()).Dataset.Find("train")!.Rows);
    }

    [Fact]
    public async Task A_file_renamed_from_part_is_taken_at_once()
    {
        var part = _folder.Write("reviews.csv.part", Reviews[..20]);
        await LookAsync();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await LookAsync());

        await File.WriteAllTextAsync(part, Reviews);
        File.Move(part, _folder["reviews.csv"]);

        Assert.Equal(["reviews.csv"], await LookAsync());
        Assert.Equal(4, Assert.Single(await DatasetsAsync()).Dataset.Find("train")!.Rows);
    }

    [Fact]
    public async Task A_folder_is_one_dataset_with_its_splits_and_waits_for_its_last_part()
    {
        _folder.Write("films/train.csv", Reviews);
        var part = _folder.Write("films/test.csv.part", "text,label\nnice,pos\n");
        Assert.Empty(await LookUntilStillAsync());

        File.Move(part, _folder["films", "test.csv"]);
        Assert.Equal(["films"], await LookUntilStillAsync());

        var dataset = Assert.Single(await DatasetsAsync());
        Assert.Equal("films@1", dataset.Id);
        Assert.Equal(
            [("train", 4L), ("test", 1L)],
            dataset.Dataset.Splits.Select(split => (split.Name, split.Rows)).OrderByDescending(split => split.Rows)
        );
        Assert.Equal(["done/films/test.csv", "done/films/train.csv"], Files());
    }

    [Fact]
    public async Task What_is_wrong_is_refused_with_the_reason_beside_it_and_nothing_is_stored()
    {
        _folder.Write("ragged.csv", "text,label\nfine,pos\nbad,neg,more\n");

        Assert.Equal(["ragged.csv"], await LookUntilStillAsync());

        Assert.Equal(["refused/ragged.csv", "refused/ragged.csv.reason.txt"], Files());
        var reason = await File.ReadAllTextAsync(_folder["refused", "ragged.csv.reason.txt"]);
        Assert.StartsWith("ragged.csv: line 3, column 9", reason, StringComparison.Ordinal);
        Assert.Empty(await DatasetsAsync());
        Assert.Empty(await _bench.Artefacts.ListAsync().ToListAsync());
    }

    [Theory]
    [InlineData("no name.csv")]
    [InlineData("-rf.csv")]
    public async Task A_name_that_no_dataset_may_have_is_refused(string name)
    {
        _folder.Write(name, Reviews);

        await LookUntilStillAsync();

        Assert.Equal([$"refused/{name}", $"refused/{name}.reason.txt"], Files());
        Assert.Empty(await DatasetsAsync());
    }

    [Fact]
    public async Task A_link_is_refused_and_what_it_points_to_is_not_read()
    {
        using var elsewhere = new TemporaryFolder();
        var target = elsewhere.Write("secret.csv", Reviews);
        File.CreateSymbolicLink(_folder["reviews.csv"], target);
        Directory.CreateSymbolicLink(_folder["films"], elsewhere.Path);

        Assert.Equal(["films", "reviews.csv"], await LookUntilStillAsync());

        Assert.Empty(await DatasetsAsync());
        Assert.Contains(
            "is a link",
            await File.ReadAllTextAsync(_folder["refused", "films.reason.txt"]),
            StringComparison.Ordinal
        );
        Assert.Equal(Reviews, await File.ReadAllTextAsync(target));
    }

    [Fact]
    public async Task The_same_content_again_is_the_same_dataset_and_both_files_are_kept()
    {
        _folder.Write("reviews.csv", Reviews);
        await LookUntilStillAsync();
        _folder.Write("reviews.csv", Reviews);
        await LookUntilStillAsync();

        Assert.Single(await DatasetsAsync());
        Assert.Equal(["done/reviews.2.csv", "done/reviews.csv"], Files());
    }

    [Fact]
    public async Task New_content_under_a_name_is_its_next_number()
    {
        _folder.Write("reviews.csv", Reviews);
        await LookUntilStillAsync();
        _folder.Write("reviews.csv", Reviews + "grand,pos\n");
        await LookUntilStillAsync();

        Assert.Equal(["reviews@1", "reviews@2"], (await DatasetsAsync()).Select(dataset => dataset.Id));
    }

    [Fact]
    public async Task A_process_that_died_between_import_and_move_is_made_up_for()
    {
        var path = _folder.Write("reviews.csv", Reviews);
        await _bench.Importer.ImportAsync(new ImportRequest { Name = "reviews", Path = path });

        _inbox = Restarted();
        Assert.Equal(["reviews.csv"], await LookUntilStillAsync());

        Assert.Equal("reviews@1", Assert.Single(await DatasetsAsync()).Id);
        Assert.Equal(["done/reviews.csv"], Files());
    }

    [Fact]
    public async Task Hidden_files_are_left_alone()
    {
        _folder.Write(".reviews.csv", Reviews);

        Assert.Empty(await LookUntilStillAsync());
        Assert.Equal([".reviews.csv"], Files());
    }

    [Fact]
    public async Task A_store_that_is_away_leaves_the_file_where_it_is_until_it_is_back()
    {
        _folder.Write("reviews.csv", Reviews);
        var store = new AwayArtefacts(_bench.Artefacts) { Away = true };
        _inbox = Restarted(store);
        Assert.Empty(await LookUntilStillAsync());
        Assert.Equal(["reviews.csv"], Files());

        store.Away = false;
        Assert.Equal(["reviews.csv"], await LookUntilStillAsync());
        Assert.Equal(["done/reviews.csv"], Files());
    }

    public void Dispose()
    {
        _folder.Dispose();
        _bench.Dispose();
    }

    private InboxFolder Restarted(IArtefacts? artefacts = null) =>
        new(
            artefacts is null ? _bench.Importer : new DatasetImporter(artefacts, _bench.Documents, _time),
            Options.Create(new InboxOptions { Folder = _folder.Path, StillFor = TimeSpan.FromSeconds(10) }),
            _time,
            NullLogger<InboxFolder>.Instance
        );

    private Task<IReadOnlyList<string>> LookAsync() => _inbox.LookAsync(TestContext.Current.CancellationToken);

    private async Task<IReadOnlyList<string>> LookUntilStillAsync()
    {
        await LookAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        return await LookAsync();
    }

    private async Task<List<DatasetDocument>> DatasetsAsync() => await _bench.Documents.FindAsync().ToListAsync();

    private string[] Files() =>
        [
            .. Directory
                .EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(_folder.Path, path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];

    private sealed class AwayArtefacts(IArtefacts store) : IArtefacts
    {
        public bool Away { get; set; }

        public Task<Contracts.ArtefactRef> StoreAsync(
            Func<Stream, CancellationToken, Task> write,
            CancellationToken cancellation = default
        ) => Away ? throw new IOException("no space left") : store.StoreAsync(write, cancellation);

        public Task<bool> VerifyAsync(Contracts.ArtefactRef artefact, CancellationToken cancellation = default) =>
            store.VerifyAsync(artefact, cancellation);

        public Task<string> GetFileAsync(Contracts.ArtefactRef artefact, CancellationToken cancellation = default) =>
            store.GetFileAsync(artefact, cancellation);

        public IAsyncEnumerable<StoredArtefact> ListAsync(CancellationToken cancellation = default) =>
            store.ListAsync(cancellation);

        public Task<bool> DeleteAsync(Contracts.ArtefactRef artefact, CancellationToken cancellation = default) =>
            store.DeleteAsync(artefact, cancellation);
    }
}

public sealed class When_two_processes_watch_one_inbox
{
    [Fact]
    public async Task One_of_them_takes_the_file_and_the_other_takes_over_when_it_ends()
    {
        using var inbox = new TemporaryFolder();
        using var home = new TemporaryFolder();
        using var first = Watcher(inbox.Path, home.Path);
        using var second = Watcher(inbox.Path, home.Path);
        await first.StartAsync(Cancellation);
        await second.StartAsync(Cancellation);

        inbox.Write("one.csv", "text,label\nfine,pos\nbad,neg\n");
        await UntilAsync(() => File.Exists(inbox["done", "one.csv"]));
        await first.StopAsync(Cancellation);
        inbox.Write("two.csv", "text,label\nfiner,pos\nworse,neg\n");
        await UntilAsync(() => File.Exists(inbox["done", "two.csv"]));
        await second.StopAsync(Cancellation);

        var datasets = first.Services.GetRequiredService<IDocuments<DatasetDocument>>();
        Assert.Equal(
            ["one@1", "two@1"],
            (await datasets.FindAsync(Cancellation).ToListAsync(Cancellation)).Select(one => one.Id)
        );
        Assert.False(Directory.Exists(inbox["refused"]));
    }

    [Theory]
    [InlineData("inbox")]
    [InlineData("./inbox")]
    public async Task A_folder_that_is_not_a_full_path_is_refused_at_the_start(string folder)
    {
        using var home = new TemporaryFolder();
        using var host = Watcher(folder, home.Path);

        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));
        Assert.Contains($"Inbox:Folder {folder}: expected a full path", wrong.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IHost Watcher(string inbox, string home)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddCommandLine([
            $"--Inbox:Folder={inbox}",
            "--Inbox:LookEvery=00:00:00.02",
            "--Inbox:StillFor=00:00:00.05",
            $"--Storage:Home={home}",
        ]);
        builder.AddPipelineDefaults("inbox");
        builder.AddPipelineStorage();
        builder.AddIngestionService();
        builder.AddInbox();
        return builder.Build();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
            await Task.Delay(20, patience.Token);
    }
}
