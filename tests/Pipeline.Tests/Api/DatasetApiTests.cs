using System.Net;
using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Pipeline.Tests.Api;

public sealed class When_a_dataset_is_uploaded
{
    private const string Train = "text\tlabel\nfine film\tpos\nbad film\tneg\nlovely\tpos\ndull\tneg\n";
    private const string Test = "text\tlabel\ngood enough\tpos\n";

    [Fact]
    public async Task It_is_stored_once_under_its_name_and_can_be_looked_at()
    {
        await using var house = await ApiHouse.OpenAsync();

        var stored = await UploadAsync(house, 201);
        var again = await UploadAsync(house, 200);
        var listed = (await house.GetAsync("/api/datasets")).AsArray();
        var named = await house.GetAsync("/api/datasets/films");
        var numbered = await house.GetAsync("/api/datasets/films@1");

        Assert.Equal(("films@1", 1, true), ((string)stored["id"]!, (int)stored["number"]!, (bool)stored["isNew"]!));
        Assert.Equal(("films@1", false), ((string)again["id"]!, (bool)again["isNew"]!));
        Assert.Equal([4, 1], stored["dataset"]!["splits"]!.AsArray().Select(split => (int)split!["rows"]!));
        Assert.Equal(2, (int)stored["statistics"]!["splits"]![0]!["labels"]!["neg"]!);
        Assert.Contains("task: classification", stored["notes"]!.AsArray().Select(note => (string)note!));
        Assert.Equal("films@1", (string)listed.Single()!["id"]!);
        Assert.Equal(named.ToJsonString(), numbered.ToJsonString());
        Assert.Equal((string)stored["dataset"]!["id"]!, (string)named["datasetId"]!);

        static Task<System.Text.Json.Nodes.JsonNode> UploadAsync(ApiHouse house, int status) =>
            house.PostAsync(
                "/api/datasets?name=films",
                ApiHouse.Texts(("train", "a.tsv", Train), ("test", "b.tsv", Test)),
                status
            );
    }

    [Fact]
    public async Task Its_examples_come_in_pages()
    {
        await using var house = await ApiHouse.OpenAsync();
        await house.PostAsync("/api/datasets?name=films", ApiHouse.Texts(("file", "films.tsv", Train)), 201);

        var second = await house.GetAsync("/api/datasets/films/examples?page=2&size=3");
        var beyond = await house.GetAsync("/api/datasets/films/examples?split=train&page=9&size=3");

        Assert.Equal((2, 3, 4), ((int)second["page"]!, (int)second["size"]!, (int)second["total"]!));
        Assert.Equal(
            ("train-3", "dull", "neg"),
            (
                (string)second["examples"]![0]!["id"]!,
                (string)second["examples"]![0]!["text"]!,
                (string)second["examples"]![0]!["label"]!
            )
        );
        Assert.Single(second["examples"]!.AsArray());
        Assert.Empty(beyond["examples"]!.AsArray());
        foreach (var wrong in new[] { "page=0", "page=x", "size=201", "size=-1" })
            Assert.Equal(
                HttpStatusCode.BadRequest,
                (await house.Client.GetAsync($"/api/datasets/films/examples?{wrong}")).StatusCode
            );
        foreach (var missing in new[] { "films/examples?split=dev", "none/examples", "films@2", "none" })
            Assert.Equal(HttpStatusCode.NotFound, (await house.Client.GetAsync($"/api/datasets/{missing}")).StatusCode);
    }

    [Fact]
    public async Task A_page_far_into_many_row_groups_holds_the_rows_it_should()
    {
        await using var house = await ApiHouse.OpenAsync();
        var rows = string.Concat(
            Enumerable.Range(0, 70_000).Select(row => $"text {row}\t{(row % 2 == 0 ? "a" : "b")}\n")
        );
        await house.PostAsync(
            "/api/datasets?name=many",
            ApiHouse.Texts(("file", "many.tsv", "text\tlabel\n" + rows)),
            201
        );

        var page = await house.GetAsync("/api/datasets/many/examples?page=327&size=200");

        Assert.Equal(
            Enumerable.Range(65_200, 200).Select(row => $"train-{row}"),
            page["examples"]!.AsArray().Select(example => (string)example!["id"]!)
        );
    }

    [Fact]
    public async Task A_raw_body_is_one_file_and_shares_are_cut_from_it()
    {
        await using var house = await ApiHouse.OpenAsync();
        var rows = "text,label\n" + string.Concat(Enumerable.Range(0, 20).Select(row => $"text {row},{row % 2}\n"));

        var stored = await house.PostAsync(
            "/api/datasets?name=raw&filename=rows.csv&split=dev:0.2&split=test:0.1&seed=7&task=classification",
            new StringContent(rows),
            201
        );

        Assert.Equal(
            [("train", 14), ("dev", 4), ("test", 2)],
            stored["dataset"]!["splits"]!.AsArray().Select(split => ((string)split!["name"]!, (int)split["rows"]!))
        );
    }

    [Fact]
    public async Task Files_without_a_split_are_told_by_their_names()
    {
        await using var house = await ApiHouse.OpenAsync();

        var stored = await house.PostAsync(
            "/api/datasets?name=films",
            ApiHouse.Texts(("file", "films.train.tsv", Train), ("file", "films.validation.tsv", Test)),
            201
        );

        Assert.Equal(
            ["train", "dev"],
            stored["dataset"]!["splits"]!.AsArray().Select(split => (string)split!["name"]!)
        );
    }

    [Fact]
    public async Task It_equals_what_the_command_line_makes_of_the_same_files()
    {
        await using var house = await ApiHouse.OpenAsync();
        using var study = new StudyFolder();

        await house.StoreSamplesAsync();
        var local = await TransferProcess.RunAsync(study.Home, "ingest", study.Reviews, "--name", "reviews", "--json");

        Assert.Equal(
            (string)local.Json["document"]!["datasetId"]!,
            (string)(await house.GetAsync("/api/datasets/reviews"))["datasetId"]!
        );
    }

    [Fact]
    public async Task Leaks_are_told_by_the_files_names_and_never_by_a_folder()
    {
        await using var house = await ApiHouse.OpenAsync();

        var stored = await house.PostAsync(
            "/api/datasets?name=films",
            ApiHouse.Texts(("train", "a.tsv", Train), ("test", "b.tsv", "text\tlabel\ndull\tneg\n")),
            201
        );

        Assert.StartsWith(
            "b.tsv: line 2, column 1:",
            (string)stored["statistics"]!["leaks"]![0]!["examples"]![0]!,
            StringComparison.Ordinal
        );
    }
}

public sealed class When_a_dataset_upload_is_wrong
{
    private const string Good = "text\tlabel\nfine\tpos\nbad\tneg\n";

    [Theory]
    [InlineData("name=x&filename=a.csv", "text,label\nfine,pos\nbad,neg,more\n", "a.csv: line 3, column 9")]
    [InlineData("name=x&filename=a.csv", "", "the file is empty")]
    [InlineData("name=x&filename=a.csv", "text,label\n\"fine,pos\n", "a.csv: line 2")]
    [InlineData("name=x&filename=a.csv&task=regression", "text,label\nfine,pos\n", "as task regression asks")]
    [InlineData("name=x&filename=a.csv&label=colour", "text,label\nfine,pos\n", "colour")]
    [InlineData("name=x&filename=a.tsv&format=xml", Good, "format xml: there is no such format")]
    [InlineData("name=x&filename=a.parquet", Good, "not Parquet")]
    [InlineData("filename=a.tsv", Good, "The query has no name")]
    [InlineData("name=x", Good, "expected filename in the query")]
    [InlineData("name=../x&filename=a.tsv", Good, "name '../x' is no name")]
    [InlineData("name=http://x/y&filename=a.tsv", Good, "is no name")]
    [InlineData("name=x%0Ay&filename=a.tsv", Good, "is no name")]
    [InlineData("name=x&filename=/etc/passwd", Good, "is not plain")]
    [InlineData("name=x&filename=http://x/a.tsv", Good, "is not plain")]
    [InlineData("name=x&filename=a.tsv&path=/etc", Good, "'path' is not known")]
    [InlineData("name=x&name=y&filename=a.tsv", Good, "name is given 2 times")]
    [InlineData("name=x&filename=a.tsv&strict=maybe", Good, "strict is 'maybe'")]
    [InlineData("name=x&filename=a.tsv&seed=soon", Good, "seed 'soon' is no whole number")]
    [InlineData("name=x&filename=a.tsv&task=poetry", Good, "task is 'poetry'")]
    [InlineData("name=x&filename=a.tsv&encoding=utf-7", Good, "encoding is 'utf-7'")]
    [InlineData("name=x&filename=a.tsv&split=dev:2", Good, "is no share")]
    [InlineData("name=x&filename=a.tsv&split=dev:0.1&split=dev:0.2", Good, "is no share")]
    [InlineData("name=x&filename=a.tsv&split=holdout", Good, "There is no split 'holdout'")]
    [InlineData("name=x&filename=a.tsv&split=train&split=test", Good, "split names several splits")]
    public async Task It_is_refused_with_the_reason_and_nothing_is_stored(string query, string body, string expected)
    {
        await using var house = await ApiHouse.OpenAsync();

        var problem = await house.RefusedAsync($"/api/datasets?{query}", new StringContent(body), 400, "bad-input");

        Assert.Contains(expected, (string)problem["detail"]!, StringComparison.Ordinal);
        await house.AssertNothingIsStoredAsync();
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_told_with_their_place()
    {
        await using var house = await ApiHouse.OpenAsync();
        byte[] latin = [.. "text\tlabel\ncaf"u8, 0xE9, .. "\tpos\n"u8];

        var problem = await house.RefusedAsync(
            "/api/datasets?name=x&filename=a.tsv",
            ApiHouse.Bytes(latin),
            400,
            "bad-input"
        );

        Assert.Equal(
            "a.tsv: line 2, column 4: byte 0xE9 at offset 14 is not UTF-8; if the file is Latin-1, give encoding latin1",
            (string)problem["detail"]!
        );
        await house.AssertNothingIsStoredAsync();
    }

    [Fact]
    public async Task Parts_that_do_not_fit_together_are_refused()
    {
        await using var house = await ApiHouse.OpenAsync();
        (HttpContent Body, string Query, string Expected)[] wrong =
        [
            (ApiHouse.Texts(), "", "A part has no Content-Disposition"),
            (ApiHouse.Texts(("holdout", "a.tsv", Good)), "", "There is no split 'holdout'"),
            (
                ApiHouse.Texts(("file", "a.tsv", Good), ("file", "b.tsv", Good)),
                "",
                "a.tsv: its name ends in no split's name"
            ),
            (ApiHouse.Texts(("train", "a.tsv", Good)), "&filename=b.tsv", "expected neither beside multipart"),
            (
                ApiHouse.Texts(("train", "a.tsv", Good), ("test", "b.tsv", Good)),
                "&strict=true",
                "b.tsv: line 2, column 1: the text \"fine\" is in another split; train and test have 2 texts in common, and strict allows none"
            ),
            (
                ApiHouse.Texts(("train", "a.tsv", Good), ("test", "b.tsv", "text\tlabel\nodd\tmaybe\n")),
                "",
                "b.tsv: line 2, column 5: the label 'maybe' is not in train"
            ),
        ];

        foreach (var (body, query, expected) in wrong)
        {
            var problem = await house.RefusedAsync($"/api/datasets?name=x{query}", body, 400, "bad-input");
            Assert.Contains(expected, (string)problem["detail"]!, StringComparison.Ordinal);
        }
        await house.AssertNothingIsStoredAsync();
    }

    [Fact]
    public async Task Every_problem_is_listed()
    {
        await using var house = await ApiHouse.OpenAsync();
        var test = "text\tlabel\n" + string.Concat(Enumerable.Range(0, 3).Select(row => $"odd {row}\tmaybe{row}\n"));

        var problem = await house.RefusedAsync(
            "/api/datasets?name=x",
            ApiHouse.Texts(("train", "a.tsv", Good), ("test", "b.tsv", test)),
            400,
            "bad-input"
        );

        Assert.Equal(3, problem["problems"]!.AsArray().Count);
    }
}

public sealed class When_files_are_kept_as_artefacts
{
    [Fact]
    public async Task They_come_back_byte_for_byte_and_as_nothing_that_runs()
    {
        await using var house = await ApiHouse.OpenAsync();
        var bytes = Encoding.UTF8.GetBytes("<script>alert(1)</script>");

        var stored = await house.PostAsync("/api/artefacts", ApiHouse.Bytes(bytes), 201);
        var hash = (string)stored["artefact"]!;
        var answer = await house.Client.GetAsync($"/api/artefacts/{hash}");

        Assert.Equal(ContentHash.Of(bytes), hash);
        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000", 404)]
    [InlineData("sha256:..%2F..%2Ftransfer.db", 400)]
    [InlineData("SHA256:00", 400)]
    [InlineData("report.json", 400)]
    public async Task What_is_no_artefact_is_not_given(string hash, int status)
    {
        await using var house = await ApiHouse.OpenAsync();

        Assert.Equal(status, (int)(await house.Client.GetAsync($"/api/artefacts/{hash}")).StatusCode);
    }
}

public sealed class When_a_model_is_uploaded
{
    private static string TinyBert => Path.Combine(GoldenFolders.RepositoryRoot, "samples", "tiny-bert");

    [Fact]
    public async Task It_is_checked_stored_and_listed()
    {
        await using var house = await ApiHouse.OpenAsync();

        var stored = await house.PostAsync("/api/models?name=tiny", ApiHouse.ModelParts(TinyBert), 201);
        var named = await house.GetAsync("/api/models/tiny");

        Assert.Equal("tiny@1", (string)stored["id"]!);
        Assert.Equal(
            ["config.json", "tokenizer_config.json", "vocab.txt"],
            stored["model"]!["files"]!.AsObject().Select(file => file.Key)
        );
        Assert.Equal((string)stored["modelId"]!, (string)named["modelId"]!);
        Assert.Equal("tiny@1", (string)(await house.GetAsync("/api/models")).AsArray().Single()!["id"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await house.Client.GetAsync("/api/models/other")).StatusCode);
    }

    [Theory]
    [InlineData("refused-truncated")]
    [InlineData("refused-missing-tensor")]
    [InlineData("refused-header-too-long")]
    [InlineData("refused-bin-executes")]
    [InlineData("refused-unknown-architecture")]
    public async Task One_that_cannot_be_opened_is_refused_and_nothing_is_stored(string form)
    {
        await using var house = await ApiHouse.OpenAsync();
        var folder = Path.Combine(GoldenFolders.Of("checkpoint-forms")[0], form);

        var problem = await house.RefusedAsync("/api/models?name=x", ApiHouse.ModelParts(folder), 400, "bad-input");

        Assert.NotEmpty(problem["problems"]!.AsArray());
        await house.AssertNothingIsStoredAsync();
    }

    [Fact]
    public async Task Missing_files_doubled_files_and_names_that_lead_elsewhere_are_refused()
    {
        await using var house = await ApiHouse.OpenAsync();
        (HttpContent Body, string Query, string Expected)[] wrong =
        [
            (ApiHouse.Texts(("vocab.txt", "vocab.txt", "[PAD]\n")), "name=x", "x: there is no config.json"),
            (
                ApiHouse.Texts(("a", "config.json", "{}"), ("b", "config.json", "{}")),
                "name=x",
                "config.json comes twice"
            ),
            (ApiHouse.Texts(("a", "../config.json", "{}")), "name=x", "is not plain"),
            (ApiHouse.ModelParts(TinyBert), "name=../x", "is no name"),
            (ApiHouse.ModelParts(TinyBert), "name=x&folder=y", "'folder' is not known"),
        ];

        foreach (var (body, query, expected) in wrong)
        {
            var problem = await house.RefusedAsync($"/api/models?{query}", body, 400, "bad-input");
            Assert.Contains(expected, (string)problem["detail"]!, StringComparison.Ordinal);
        }
        await house.AssertNothingIsStoredAsync();
        await house.RefusedAsync("/api/models?name=x", new StringContent("x"), 415, "unsupported-media-type");
    }
}
