using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone;
using TransferPipeline.Standalone.Desks;
using TransferPipeline.Standalone.Hub;
using TransferPipeline.Standalone.Remote;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Pipeline.Tests.Hub;

public sealed class When_a_model_is_pulled : IAsyncLifetime
{
    private const string Weights = "model.safetensors";
    private static readonly string Plain = GoldenFolders.Of("bert-sequence-classification")[0];
    private static readonly HubPatience Impatient = new(3, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(20));

    private readonly TemporaryFolder _folder = new();
    private FakeHub _hub = null!;
    private LocalDesk _desk = null!;

    private int Size => _hub.Files[Weights].Length;

    public async ValueTask InitializeAsync()
    {
        _hub = await FakeHub.StartAsync(Plain, "config.json", "vocab.txt", "tokenizer_config.json", Weights);
        _desk = new LocalDesk(new CommandContext(_folder["home"], Verbose: false, Terminal.Open(json: true)));
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_is_stored_as_a_folder_would_be_and_its_card_names_hub_and_commit()
    {
        _hub.Files["README.md"] = [1, 2, 3];
        _hub.Files["onnx/model.onnx"] = [4, 5, 6];
        _hub.Files["pytorch_model.bin"] = [7, 8, 9];

        var pulled = await PullAsync();

        var imported = await _desk.ImportModelAsync(Plain, "by-hand", source: null, Cancellation);
        Assert.Equal(("model@1", imported.ModelId), (pulled.Id, pulled.ModelId));
        var card = await CardAsync(pulled);
        Assert.Equal($"{_hub.Address}acme/model@{FakeHub.Commit}", card.Source);
        Assert.Equal(card.Provenance(), (card with { Source = null }).Provenance());
        Assert.False(Directory.EnumerateFileSystemEntries(_folder["downloads"]).Any());
        Assert.DoesNotContain(_hub.Asked, asked => asked.Path.Contains("README") || asked.Path.Contains("onnx"));
    }

    [Fact]
    public async Task Its_files_are_those_of_the_commit_that_the_revision_was_at()
    {
        await PullAsync("acme/model@refs/pr/1");

        Assert.Equal("/api/models/acme/model/revision/refs%2Fpr%2F1", _hub.Asked.First().Path);
        Assert.All(
            _hub.Asked.Skip(1),
            asked => Assert.StartsWith($"/acme/model/resolve/{FakeHub.Commit}/", asked.Path, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_token_is_shown_to_the_hub_and_to_nobody_else()
    {
        await PullAsync(token: "hf_secret");

        Assert.All(_hub.Asked, asked => Assert.Equal("Bearer hf_secret", asked.Token));
        Assert.Null(Assert.Single(_hub.AskedOfStore).Token);
    }

    [Fact]
    public async Task A_line_that_breaks_in_a_file_is_made_up_for_from_there()
    {
        _hub.Cuts.Enqueue(100_000);
        _hub.Cuts.Enqueue(50_000);

        var pulled = await PullAsync();

        Assert.Equal([null, "bytes=100000-", "bytes=150000-"], _hub.AskedOfStore.Select(asked => asked.Range));
        Assert.Equal([null, "\"one\"", "\"one\""], _hub.AskedOfStore.Select(asked => asked.IfRange));
        Assert.Equal(_hub.Files.Values.Sum(file => file.Length), _hub.Sent);
        Assert.Equal(4, pulled.Model.Files.Count);
    }

    [Fact]
    public async Task A_pull_that_was_given_up_is_gone_on_with_by_the_next()
    {
        foreach (var cut in new[] { 100_000, 0, 0, 0 })
            _hub.Cuts.Enqueue(cut);

        var away = await Assert.ThrowsAsync<ServerAwayException>(() => PullAsync());
        Assert.Contains("goes on from there", away.Message, StringComparison.Ordinal);
        Assert.Empty(await _desk.ModelsAsync(Cancellation));
        Assert.Equal(100_000, new FileInfo(Assert.Single(Partials())).Length);

        await PullAsync();
        Assert.Equal("bytes=100000-", _hub.AskedOfStore.Last().Range);
        Assert.Equal(_hub.Files.Values.Sum(file => file.Length), _hub.Sent);
    }

    [Fact]
    public async Task A_file_that_has_changed_meanwhile_is_fetched_from_its_beginning()
    {
        foreach (var cut in new[] { 100_000, 0, 0, 0 })
            _hub.Cuts.Enqueue(cut);
        await Assert.ThrowsAsync<ServerAwayException>(() => PullAsync());
        _hub.Tag = "\"two\"";

        await PullAsync();

        Assert.Equal("\"one\"", _hub.AskedOfStore.Last().IfRange);
        Assert.Equal(_hub.Files.Values.Sum(file => file.Length) + 100_000, _hub.Sent);
    }

    [Theory]
    [InlineData(Weights, "SHA-256")]
    [InlineData("vocab.txt", "git's SHA-1")]
    public async Task A_file_with_another_hash_is_refused_and_nothing_is_stored(string name, string hash)
    {
        _hub.Listing = listing =>
        {
            var file = listing["siblings"]!.AsArray().Single(one => (string?)one!["rfilename"] == name)!;
            if (file["lfs"] is { } lfs)
                lfs["sha256"] = new string('a', 64);
            else
                file["blobId"] = new string('a', 40);
        };

        await RefusedAsync($"{name} arrived with {hash} ", "nothing was stored");
        Assert.Empty(Partials());
    }

    [Fact]
    public async Task A_file_longer_than_listed_is_refused()
    {
        _hub.Listing = listing =>
            listing["siblings"]!.AsArray().Single(one => (string?)one!["rfilename"] == Weights)!["size"] = 1000;

        await RefusedAsync("sends more than the 1000 bytes");
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/etc/x")]
    [InlineData("a/../../x")]
    [InlineData("..\\x")]
    public async Task A_name_that_would_leave_the_folder_is_refused(string name)
    {
        _hub.Files[name] = [1];

        await RefusedAsync("expected names below the model's folder");
        Assert.Single(_hub.Asked);
    }

    [Theory]
    [InlineData("http://192.0.2.1/x")]
    [InlineData("ftp://192.0.2.1/x")]
    [InlineData("file:///etc/passwd")]
    public async Task A_redirect_to_an_unsafe_place_is_not_followed(string place)
    {
        _hub.Redirect = place;

        await RefusedAsync($"leads to '{place}'; expected an address of https");
    }

    [Fact]
    public async Task A_circle_of_redirects_ends()
    {
        _hub.Redirect = $"{_hub.Address}acme/model/resolve/{FakeHub.Commit}/{Weights}";

        await RefusedAsync("more than 5 redirects");
    }

    [Theory]
    [InlineData(401, null, null, "there is no such model, or it is not public", "HF_TOKEN")]
    [InlineData(401, null, "hf_x", "does not know the token in HF_TOKEN")]
    [InlineData(403, "GatedRepo", "hf_x", "accepted its conditions")]
    [InlineData(403, null, "hf_x", "the token in HF_TOKEN may not read it")]
    [InlineData(404, null, null, "there is no such model, or it has no revision 'main'")]
    [InlineData(404, "RevisionNotFound", null, "has no revision 'main'")]
    [InlineData(418, null, null, "answers 418")]
    public async Task A_refusal_says_which_model_and_what_to_do(
        int status,
        string? code,
        string? token,
        params string[] expected
    )
    {
        _hub.Instead = context =>
        {
            context.Response.StatusCode = status;
            if (code is not null)
                context.Response.Headers["X-Error-Code"] = code;
            return Task.FromResult(true);
        };

        var refused = await Assert.ThrowsAsync<BadInputException>(() => PullAsync(token: token));

        Assert.All(expected.Prepend($"{_hub.Address}acme/model: "), part => Assert.Contains(part, refused.Message));
        Assert.Single(_hub.Asked);
    }

    [Fact]
    public async Task A_hub_that_is_busy_is_asked_again()
    {
        var first = true;
        _hub.Instead = context =>
        {
            var busy = first;
            first = false;
            if (busy)
                context.Response.StatusCode = 503;
            return Task.FromResult(busy);
        };

        Assert.Equal("model@1", (await PullAsync()).Id);
    }

    [Fact]
    public async Task A_hub_that_says_nothing_is_not_waited_for_for_ever()
    {
        _hub.Instead = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };

        var away = await Assert.ThrowsAsync<ServerAwayException>(() =>
            PullAsync(patience: Impatient with { Silence = TimeSpan.FromMilliseconds(50) })
        );

        Assert.Contains("the hub fell silent", away.Message, StringComparison.Ordinal);
        Assert.Equal(3, _hub.Asked.Count);
    }

    [Fact]
    public async Task A_model_larger_than_allowed_is_refused_before_a_file_is_fetched()
    {
        var refused = await Assert.ThrowsAsync<BadInputException>(() => PullAsync(mostBytes: Size));

        Assert.Contains("expected at most 235.2 kB, or a larger --max-gigabytes", refused.Message);
        Assert.Single(_hub.Asked);
    }

    [Theory]
    [InlineData("config.json", "acme/model: has no config.json")]
    [InlineData(Weights, "acme/model: has no weights; expected model.safetensors or pytorch_model.bin")]
    public async Task What_is_no_model_is_refused(string missing, string message)
    {
        _hub.Files.Remove(missing);

        await RefusedAsync(message);
    }

    [Theory]
    [InlineData("config.json", """{ "model_type": "t5" }""", "model_type is \"t5\"")]
    [InlineData("vocab.txt", "[PAD]\n", "the special tokens [UNK], [SEP], [CLS] are missing")]
    public async Task What_is_not_known_is_refused_before_its_weights_are_fetched(
        string name,
        string content,
        string reason
    )
    {
        _hub.Files[name] = System.Text.Encoding.UTF8.GetBytes(content);

        await RefusedAsync(reason);
        Assert.Empty(_hub.AskedOfStore);
        Assert.False(Directory.EnumerateFileSystemEntries(_folder["downloads"]).Any());
    }

    [Fact]
    public async Task Weights_that_do_not_fit_are_refused_and_what_was_fetched_is_kept()
    {
        var config = System.Text.Encoding.UTF8.GetString(_hub.Files["config.json"]);
        _hub.Files["config.json"] = System.Text.Encoding.UTF8.GetBytes(
            config.Replace("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4")
        );

        await RefusedAsync("bert.encoder.layer.3.", "What was fetched is kept in ");
        Assert.Equal(4, Directory.EnumerateFiles(_folder["downloads"], "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public async Task An_answer_of_another_kind_is_refused()
    {
        _hub.Listing = listing => listing.Remove("siblings");

        await RefusedAsync("this does not answer like a hub");
    }

    [Fact]
    public async Task A_disk_too_small_for_it_is_told_before_anything_is_fetched()
    {
        var all = _hub.Files.Values.Sum(file => file.LongLength);

        var refused = await Assert.ThrowsAsync<BadInputException>(() => PullAsync(freeBytes: _ => (2 * all) - 1));

        Assert.Contains("its disk has", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_hub.Asked, asked => asked.Path.Contains("/resolve/", StringComparison.Ordinal));
        await PullAsync(freeBytes: _ => 2 * all);
    }

    [Fact]
    public void Pulls_that_never_ended_are_cleaned_once_they_are_old()
    {
        var folder = Directory.CreateDirectory(_folder["downloads/acme--model@c"]).FullName;
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors.partial"), [1, 2, 3]);
        var unfinished = new UnfinishedPulls(_folder["downloads"], TimeProvider.System);

        Assert.Equal((0, 0), unfinished.Clean(TimeSpan.FromHours(1), dryRun: false));
        Assert.Equal((1, 3), unfinished.Clean(TimeSpan.Zero, dryRun: true));
        Assert.True(Directory.Exists(folder));
        Assert.Equal((1, 3), unfinished.Clean(TimeSpan.Zero, dryRun: false));
        Assert.False(Directory.Exists(folder));
        Assert.Equal((0, 0), new UnfinishedPulls(_folder["nowhere"], TimeProvider.System).Clean(TimeSpan.Zero, false));
    }

    [Fact]
    public async Task The_command_line_pulls_under_the_name_that_it_is_given()
    {
        var home = _folder["other"];
        var address = _hub.Address.ToString();

        var done = await TransferProcess.RunAsync(
            home,
            "models",
            "pull",
            "acme/model@main",
            "--from",
            address,
            "--name",
            "mine"
        );
        Assert.True(done.ExitCode == 0, done.Error);
        Assert.Contains("Stored model mine@1.", done.Output, StringComparison.Ordinal);

        var unknown = await TransferProcess.RunAsync(home, "models", "pull", "acme/other", "--from", address);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains($"{address}acme/other: there is no such model", unknown.Error, StringComparison.Ordinal);
        Assert.Equal("mine@1", (string?)Assert.Single(await ModelsAsync(home))!["id"]);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<ModelDocument> PullAsync(
        string name = "acme/model",
        string? token = null,
        long mostBytes = 1_000_000,
        HubPatience? patience = null,
        Func<string, long>? freeBytes = null
    ) =>
        new ModelPull(
            new HubAddress(_hub.Address, token),
            patience ?? Impatient,
            _folder["downloads"],
            mostBytes,
            Terminal.Open(json: true),
            TimeProvider.System,
            freeBytes
        ).PullAsync(_desk, HubName.Of(name), name: null, Cancellation);

    private async Task RefusedAsync(params string[] expected)
    {
        var refused = await Assert.ThrowsAsync<BadInputException>(() => PullAsync());
        Assert.All(expected, part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
        Assert.Empty(await _desk.ModelsAsync(Cancellation));
    }

    private IEnumerable<string> Partials() =>
        Directory.EnumerateFiles(_folder["downloads"], "*.partial", SearchOption.AllDirectories);

    private async Task<ModelCard> CardAsync(ModelDocument model)
    {
        await using var card = await _desk.OpenAsync(model.Model.Card, Cancellation);
        return (
            await System.Text.Json.JsonSerializer.DeserializeAsync<ModelCard>(card, WireFormat.Options, Cancellation)
        )!;
    }

    private static async Task<JsonArray> ModelsAsync(string home) =>
        (await TransferProcess.RunAsync(home, "models", "--json")).Json.AsArray();
}

public sealed class When_a_hub_is_named
{
    [Fact]
    public void The_command_line_goes_before_the_environment_and_that_before_the_public_hub()
    {
        Assert.Equal("https://a.example/", HubAddress.Of("https://a.example", Endpoint).Root.ToString());
        Assert.Equal("https://b.example/hub/", HubAddress.Of(null, Endpoint).Root.ToString());
        Assert.Equal(new HubAddress(new Uri("https://huggingface.co/"), null), HubAddress.Of(null, _ => " "));

        static string? Endpoint(string variable) => variable == "HF_ENDPOINT" ? "https://b.example/hub/" : null;
    }

    [Fact]
    public void The_token_comes_from_the_environment_without_blanks()
    {
        Assert.Equal("hf_x", Of("hf_x\n").Token);
        Assert.Contains("HF_TOKEN", Assert.Throws<BadInputException>(() => Of("hf x")).Message);

        static HubAddress Of(string token) => HubAddress.Of(null, variable => variable == "HF_TOKEN" ? token : null);
    }

    [Theory]
    [InlineData("http://hub.example.org")]
    [InlineData("hub.example.org")]
    [InlineData("ftp://hub.example.org")]
    [InlineData("https://me:secret@hub.example.org")]
    public void An_address_that_is_not_safe_is_refused(string address) =>
        Assert.Contains(
            $"--from {address}: expected an address",
            Assert.Throws<BadInputException>(() => HubAddress.Of(address, _ => null)).Message
        );

    [Fact]
    public void Plain_http_is_for_this_machine_alone()
    {
        var here = HubAddress.Of("http://127.0.0.1:8080", _ => null);
        var there = HubAddress.Of("https://hub.example.org", _ => null);

        Assert.True(here.MayLeadTo(new Uri("http://localhost:9/x")));
        Assert.True(there.MayLeadTo(new Uri("https://other.example.org/x")));
        Assert.False(there.MayLeadTo(new Uri("http://localhost:9/x")));
        Assert.False(here.MayLeadTo(new Uri("http://other.example.org/x")));
        Assert.False(here.Owns(new Uri("http://127.0.0.1:8081/x")));
        Assert.False(there.Owns(new Uri("http://hub.example.org/x")));
        Assert.True(there.Owns(new Uri("https://HUB.example.org:443/x")));
    }

    [Theory]
    [InlineData("bert-base-uncased", "bert-base-uncased", "main", "bert-base-uncased")]
    [InlineData("a/b.c-d@v1.0", "a/b.c-d", "v1.0", "b.c-d")]
    [InlineData("a/b@refs/pr/1", "a/b", "refs/pr/1", "b")]
    public void A_name_has_an_owner_and_a_revision(string text, string name, string revision, string last)
    {
        var model = HubName.Of(text);
        Assert.Equal((name, revision, last), (model.Name, model.Revision, model.Last));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b/c")]
    [InlineData("../x")]
    [InlineData("a/..")]
    [InlineData("a/b@")]
    [InlineData("a/b@one two")]
    [InlineData("https://huggingface.co/a/b")]
    public void What_is_no_name_is_refused(string text) =>
        Assert.Contains("expected owner/name", Assert.Throws<BadInputException>(() => HubName.Of(text)).Message);

    [Fact]
    public void Weights_are_taken_in_one_form()
    {
        Assert.Equal(
            ["config.json", "model-00001-of-00002.safetensors", "model.safetensors.index.json"],
            Chosen(
                "config.json",
                "model-00001-of-00002.safetensors",
                "model.safetensors.index.json",
                "model-x.safetensors",
                "pytorch_model.bin",
                "sub/config.json"
            )
        );
        Assert.Equal(
            ["config.json", "pytorch_model-00001-of-00001.bin", "pytorch_model.bin.index.json", "tokenizer.json"],
            Chosen(
                "config.json",
                "pytorch_model-00001-of-00001.bin",
                "pytorch_model.bin.index.json",
                "tokenizer.json",
                "tf_model.h5"
            )
        );
    }

    [Fact]
    public void A_file_that_could_not_be_checked_is_refused()
    {
        var listing = new HubListing("c", [new("config.json", 1, null, null), new("model.safetensors", -1, "a", null)]);

        var refused = Assert.Throws<BadInputException>(() => HubChoice.Of(HubName.Of("a/b"), listing));
        Assert.Equal(2, refused.Problems.Count);
    }

    private static IEnumerable<string> Chosen(params string[] names) =>
        HubChoice
            .Of(HubName.Of("a/b"), new HubListing("c", [.. names.Select(name => new HubFile(name, 1, null, "b"))]))
            .Select(file => file.Name)
            .Order(StringComparer.Ordinal);
}
