using System.Net;
using System.Text.Json.Nodes;
using TransferPipeline.Hosting.Http.Idempotency;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Pipeline.Tests.Api;

public sealed class When_a_scenario_is_submitted
{
    private const string Baselines = """
        name: baselines
        inputs: { dataset: reviews, rows: }
        matrix: { seed: [13, 21] }
        steps:
          few:    { uses: sample,   with: { dataset: "${inputs.dataset}", perClass: 8, rows: "${inputs.rows}", dev: none, seed: "${matrix.seed}" } }
          svm:    { uses: baseline, with: { algorithm: linear-svm, dataset: "${steps.few}" } }
          scores: { uses: evaluate, with: { models: ["${steps.svm}"], split: test } }
        """;

    [Fact]
    public async Task It_runs_to_a_report_whose_rows_are_those_of_the_command_line()
    {
        await using var house = await ApiHouse.OpenAsync();
        await house.StoreSamplesAsync();
        using var study = new StudyFolder();

        var run = await house.SubmitAsync(Scenarios.Baselines, "dataset=reviews", "model=tiny-bert@1");
        var events = await house.EventsAsync(run);
        var local = await study.RunAsync(Scenarios.Baselines);

        Assert.Equal(("run", "completed"), (events[^1].Name, (string)events[^1].Data["state"]!));
        var report = await house.GetAsync($"/api/runs/{run}/report.json");
        Assert.Equal(6, report["rows"]!.AsArray().Count);
        Assert.Equal(ReportRows.Of(local.Json["report"]!), ReportRows.Of(report));
        var page = await house.Client.GetAsync($"/api/runs/{run}/report.html");
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.StartsWith(
            "# ",
            await house.Client.GetStringAsync($"/api/runs/{run}/report.md"),
            StringComparison.Ordinal
        );
        Assert.Equal(run, (string)(await house.GetAsync("/api/runs")).AsArray().Single()!["id"]!);
        var steps = (await house.GetAsync($"/api/runs/{run}/steps")).AsArray();
        Assert.All(steps, step => Assert.Equal("completed", (string)step!["state"]!));
    }

    [Fact]
    public async Task A_process_that_dies_before_its_answer_leaves_one_run_to_whoever_asks_again()
    {
        await using var house = await ApiHouse.OpenAsync();
        await house.StoreSamplesAsync();

        var (run, _) = await SubmitUnderKeyAsync(house, Baselines);
        await LoseAnswerAsync(house);
        var (again, status) = await SubmitUnderKeyAsync(house, Baselines);
        await LoseAnswerAsync(house);
        var (_, other) = await SubmitUnderKeyAsync(house, Baselines + "\n# another\n");

        Assert.Equal((run, 202), (again, status));
        Assert.Equal(422, other);
        Assert.Single(await house.Documents<RunDocument>().FindAsync().ToListAsync());
        Assert.Equal("completed", (string)(await house.EventsAsync(run!))[^1].Data["state"]!);
    }

    [Fact]
    public async Task A_process_that_dies_between_the_steps_and_the_run_is_made_good_by_the_next_attempt()
    {
        await using var house = await ApiHouse.OpenAsync();
        await house.StoreSamplesAsync();

        var (run, _) = await SubmitUnderKeyAsync(house, Baselines);
        await house.EventsAsync(run!);
        await house.Documents<RunDocument>().DeleteAsync(run!);
        await LoseAnswerAsync(house);
        var (again, _) = await SubmitUnderKeyAsync(house, Baselines);

        Assert.Equal(run, again);
        Assert.Equal("completed", (string)(await house.EventsAsync(run!))[^1].Data["state"]!);
        Assert.Equal(7, (await house.Documents<StepDocument>().FindAsync().ToListAsync()).Count);
    }

    private static async Task<(string? Run, int Status)> SubmitUnderKeyAsync(ApiHouse house, string scenario)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/runs");
        request.Headers.Add(IdempotentRequests.Header, "k1");
        request.Content = ApiHouse.Submission(scenario);
        using var answer = await house.Client.SendAsync(request);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return ((string?)body["id"], (int)answer.StatusCode);
    }

    private static async Task LoseAnswerAsync(ApiHouse house)
    {
        var documents = house.Documents<IdempotencyDocument>();
        var entry = Assert.Single(await documents.FindAsync().ToListAsync());
        var dead = RunOwner.Current() with { ProcessStart = "before" };
        await documents.ReplaceAsync(entry with { Answer = null, Body = null, Owner = dead });
    }

    [Fact]
    public async Task Its_events_go_on_after_the_last_one_seen()
    {
        await using var house = await ApiHouse.OpenAsync();
        await house.StoreSamplesAsync();
        var run = await house.SubmitAsync(Baselines);

        var all = await house.EventsAsync(run);
        var after = await house.EventsAsync(run, all[^1].Id);
        var middle = await house.EventsAsync(run, all[^3].Id);
        var foreign = await house.EventsAsync(run, "an-id-of-something-else");

        Assert.Empty(after);
        Assert.InRange(middle.Count, 1, 3);
        Assert.Equal(all[^1], middle[^1] with { Data = all[^1].Data });
        Assert.Equal(8, foreign.Count);
        var ended = all.Where(one => one.Name == "step" && (string)one.Data["state"]! == "completed").ToList();
        Assert.Equal(
            (await house.GetAsync($"/api/runs/{run}/steps")).AsArray().Select(step => (string)step!["id"]!).Order(),
            ended.Select(one => (string)one.Data["id"]!).Distinct().Order()
        );
    }

    [Fact]
    public async Task A_file_that_a_step_reads_is_given_by_its_hash()
    {
        await using var house = await ApiHouse.OpenAsync();
        await house.StoreSamplesAsync();
        const string rows = """
            { "samples": [ { "labelsPerClass": 8, "seed": 13, "rows": [ROWS] }, { "labelsPerClass": 8, "seed": 21, "rows": [ROWS] } ] }
            """;
        var chosen = await ChosenRowsAsync(house);
        var file = await house.PostAsync(
            "/api/artefacts",
            new StringContent(rows.Replace("ROWS", string.Join(',', chosen), StringComparison.Ordinal)),
            201
        );

        var run = await house.SubmitAsync(Baselines, $"rows={file["artefact"]}");
        var events = await house.EventsAsync(run);

        Assert.Equal("completed", (string)events[^1].Data["state"]!);
        var report = await house.GetAsync($"/api/runs/{run}/report.json");
        Assert.All(report["rows"]!.AsArray(), row => Assert.Equal(16, (int)row!["labelsTrain"]!));
        var accuracies = report["rows"]!.AsArray().Select(row => (double)row!["metrics"]!["accuracy"]!["value"]!);
        Assert.Single(accuracies.Distinct());
    }

    [Fact]
    public async Task Sent_twice_under_one_idempotency_key_it_is_one_run()
    {
        await using var house = await ApiHouse.OpenAsync();
        await house.StoreSamplesAsync();
        house.Client.DefaultRequestHeaders.Add("Idempotency-Key", "study-1");

        var first = await house.SubmitAsync(Baselines);
        var second = await house.SubmitAsync(Baselines);
        await house.RefusedAsync("/api/runs", ApiHouse.Submission(Baselines, "seed=13"), 422, "idempotency-key-reused");

        Assert.Equal(first, second);
        Assert.Matches("^[0-9]{8}-[0-9]{6}-[0-9a-f]{12}$", first);
        Assert.Single(await house.Documents<RunDocument>().FindAsync().ToListAsync());
    }

    [Fact]
    public async Task It_can_be_cancelled_and_taken_up_again_but_not_at_every_time()
    {
        await using var house = await ApiHouse.OpenAsync();
        await house.StoreSamplesAsync();
        var run = await house.SubmitAsync(Scenarios.LongTraining(100_000), "dataset=reviews", "model=tiny-bert");
        var training = house.EventsAsync(run);

        var asked = await house.PostAsync($"/api/runs/{run}/cancel", null, 202);
        var events = await training;
        await house.RefusedAsync($"/api/runs/{run}/cancel", null, 409, "conflict");
        await house.RefusedAsync($"/api/runs/{run}/resume", null, 409, "conflict");
        await house.RefusedAsync($"/api/runs/{run}/retry", ApiHouse.Json("""{"step":"none"}"""), 404, "not-found");
        await house.RefusedAsync($"/api/runs/{run}/retry", ApiHouse.Json("""{"stepp":"a"}"""), 400, "bad-input");
        var retried = await house.PostAsync($"/api/runs/{run}/retry", ApiHouse.Json("""{"step":"tuned"}"""), 202);
        await house.PostAsync($"/api/runs/{run}/cancel", null, 202);
        await house.EventsAsync(run);

        Assert.True((bool)asked["cancelRequested"]!);
        Assert.Equal("cancelled", (string)events[^1].Data["state"]!);
        Assert.Equal("running", (string)retried["state"]!);
        Assert.Equal("cancelled", (string)(await house.GetAsync($"/api/runs/{run}"))["state"]!);
    }

    [Fact]
    public async Task When_the_server_stops_the_stream_ends_and_the_step_is_released()
    {
        await using var house = await ApiHouse.OpenAsync();
        await house.StoreSamplesAsync();
        var run = await house.SubmitAsync(Scenarios.LongTraining(100_000), "dataset=reviews", "model=tiny-bert");
        using var answer = await house.Client.GetAsync(
            $"/api/runs/{run}/events",
            HttpCompletionOption.ResponseHeadersRead
        );
        var stopping = Task.CompletedTask;

        await foreach (var one in SentEvent.ReadAsync(await answer.Content.ReadAsStreamAsync()))
            if (one.Name == "progress" && stopping.IsCompleted)
                stopping = house.StopAsync();
        await stopping;

        var step = (await house.Documents<StepDocument>().GetAsync($"{run}.tuned.0"))!;
        Assert.Equal((StepState.Ready, 0), (step.State, step.Attempts));
        Assert.NotEmpty(step.Checkpoints);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await using var house = await ApiHouse.OpenAsync();

        foreach (var path in new[] { "", "/steps", "/events", "/report", "/report.json", "/report.html" })
            Assert.Equal(HttpStatusCode.NotFound, (await house.Client.GetAsync($"/api/runs/none{path}")).StatusCode);
        foreach (var action in new[] { "cancel", "retry", "resume" })
            await house.RefusedAsync($"/api/runs/none/{action}", null, 404, "not-found");
    }

    /// <summary>The first eight rows of each class.</summary>
    private static async Task<List<int>> ChosenRowsAsync(ApiHouse house)
    {
        var page = await house.GetAsync("/api/datasets/reviews/examples?size=200");
        var labels = page["examples"]!.AsArray().Select(example => (string)example!["label"]!).ToList();
        return
        [
            .. labels
                .Index()
                .GroupBy(row => row.Item)
                .SelectMany(same => same.Take(8))
                .Select(row => row.Index)
                .Order(),
        ];
    }
}

public sealed class When_a_submission_is_wrong
{
    private const string Head = "name: wrong\ninputs: { dataset: reviews }\n";

    [Theory]
    [InlineData(
        "steps: {few: {uses: sampel, with: {dataset: \"${inputs.dataset}\"}}}",
        "scenario:3:21: steps.few.uses"
    )]
    [InlineData("colour: red\nsteps: {}", "unknown key 'colour'")]
    [InlineData("steps: [", "this is not YAML")]
    [InlineData("steps: {}\n---\nname: second", "a second YAML document")]
    public async Task Every_problem_of_a_scenario_is_told_with_its_place(string rest, string expected)
    {
        await using var house = await ApiHouse.OpenAsync();

        var problem = await house.RefusedAsync("/api/runs", ApiHouse.Submission(Head + rest), 400, "bad-scenario");

        Assert.Contains(
            problem["problems"]!.AsArray(),
            one => ((string)one!).Contains(expected, StringComparison.Ordinal)
        );
        await house.AssertNothingIsStoredAsync();
    }

    [Fact]
    public async Task Yaml_that_grows_without_end_is_refused_and_the_server_goes_on()
    {
        await using var house = await ApiHouse.OpenAsync();
        var laughs =
            "a: &a [1,1,1,1,1,1,1,1,1,1]\n"
            + string.Concat(
                "bcdefghij".Select(
                    (letter, at) =>
                        $"{letter}: &{letter} [{string.Join(',', Enumerable.Repeat("*" + "abcdefghij"[at], 10))}]\n"
                )
            );
        string[] bombs =
        [
            laughs,
            "a: &a [*a]\n",
            "a: &a { b: *a }\n",
            "a: " + new string('[', 100_000),
            "a: " + new string('{', 100_000),
            "a: " + string.Concat(Enumerable.Repeat("[", 5000)) + string.Concat(Enumerable.Repeat("]", 5000)),
            string.Concat(Enumerable.Range(0, 500).Select(level => new string(' ', level) + "a:\n")),
            string.Concat(Enumerable.Repeat("- ", 5000)) + "a\n",
            "a: &a 1\nb: [" + string.Concat(Enumerable.Repeat("*a,", 5000)) + "]\n",
        ];

        foreach (var bomb in bombs)
            await house.RefusedAsync("/api/runs", ApiHouse.Submission(bomb), 400, "bad-scenario");
        await house.RefusedAsync("/api/runs", ApiHouse.Submission(new string('#', 300_000)), 400, "bad-input");
        await house.RefusedAsync("/api/runs", ApiHouse.Submission(new string('#', 2_000_000)), 413, "too-large");
        await house.AssertNothingIsStoredAsync();
    }

    [Theory]
    [InlineData("{}", "scenario is missing")]
    [InlineData("""{"scenario":""}""", "scenario is missing")]
    [InlineData("""{"scenario":"name: x","yaml":"y"}""", "$.yaml is not known")]
    [InlineData("""{"scenario":"name: x","set":"a=b"}""", "$.set is not of the type")]
    [InlineData("""{"scenario":"name: x","set":[null]}""", "set is too long")]
    [InlineData("""{"scenario":"name: x","noCache":"yes"}""", "$.noCache is not of the type")]
    [InlineData("""{"scenario":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}""", "line 1")]
    public async Task A_body_that_is_no_submission_is_refused(string body, string expected)
    {
        await using var house = await ApiHouse.OpenAsync();

        var problem = await house.RefusedAsync("/api/runs", ApiHouse.Json(body), 400, "bad-input");

        Assert.Contains(expected, (string)problem["detail"]!, StringComparison.Ordinal);
        await house.AssertNothingIsStoredAsync();
    }

    [Theory]
    [InlineData("dataset=PATH")]
    [InlineData("dataset=../../etc/passwd")]
    [InlineData("dataset=http://127.0.0.1/data.csv")]
    [InlineData("dataset=no-such")]
    [InlineData("dataset=reviews@7")]
    [InlineData("rows=PATH")]
    [InlineData("rows=sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("rows=sha256:../../transfer.db")]
    public async Task No_path_and_no_address_is_opened(string set)
    {
        const string scenario = """
            name: paths
            inputs: { dataset: reviews, rows: }
            steps:
              few:    { uses: sample,   with: { dataset: "${inputs.dataset}", perClass: 8, rows: "${inputs.rows}", seed: 13 } }
              svm:    { uses: baseline, with: { algorithm: majority, dataset: "${steps.few}" } }
              scores: { uses: evaluate, with: { models: ["${steps.svm}"], split: test } }
            """;
        await using var house = await ApiHouse.OpenAsync();
        await house.StoreSamplesAsync();
        var train = Path.Combine(GoldenFolders.RepositoryRoot, "samples", "reviews", "train.tsv");
        Assert.True(File.Exists(train));

        var problem = await house.PostAsync(
            "/api/runs",
            ApiHouse.Submission(scenario, set.Replace("PATH", train, StringComparison.Ordinal)),
            400
        );

        Assert.Equal("bad-scenario", (string)problem["code"]!);
        Assert.Empty(await house.Documents<RunDocument>().FindAsync().ToListAsync());
        Assert.Equal("reviews@1", (string)(await house.GetAsync("/api/datasets")).AsArray().Single()!["id"]!);
    }
}

public sealed class When_artefacts_are_cleaned_up_over_http
{
    [Fact]
    public async Task What_nothing_refers_to_goes_and_the_rest_stays()
    {
        await using var house = await ApiHouse.OpenAsync();
        await house.StoreSamplesAsync();
        var loose = await house.PostAsync("/api/artefacts", new StringContent("loose"), 201);
        var before = await house.Artefacts.ListAsync().CountAsync();

        var dry = await house.PostAsync("/api/clean", ApiHouse.Json("""{"olderThan":"0s","dryRun":true}"""), 200);
        var young = await house.PostAsync("/api/clean", null, 200);
        var done = await house.PostAsync("/api/clean", ApiHouse.Json("""{"olderThan":"0"}"""), 200);

        Assert.Equal((1, 5), ((int)dry["artefacts"]!, (int)dry["bytes"]!));
        Assert.Equal(0, (int)young["artefacts"]!);
        Assert.Equal((1, 5), ((int)done["artefacts"]!, (int)done["bytes"]!));
        Assert.Equal(before - 1, await house.Artefacts.ListAsync().CountAsync());
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await house.Client.GetAsync($"/api/artefacts/{loose["artefact"]}")).StatusCode
        );
    }

    [Theory]
    [InlineData("""{"olderThan":"soon"}""")]
    [InlineData("""{"olderThan":"-1d"}""")]
    [InlineData("""{"olderThan":""}""")]
    [InlineData("""{"older":"1d"}""")]
    public async Task An_age_that_is_none_is_refused(string body)
    {
        await using var house = await ApiHouse.OpenAsync();

        await house.RefusedAsync("/api/clean", ApiHouse.Json(body), 400, "bad-input");
    }
}
