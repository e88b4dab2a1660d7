using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Hosting.Http.Access;

namespace TransferPipeline.Hosting.Tests.Http;

public sealed class When_somebody_calls_a_service_behind_the_gateway
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("another key of the tests")]
    [InlineData("an internal key of the test")]
    public async Task Without_the_internal_key_nobody_is_believed(string? key)
    {
        await using var house = await HttpHouse.OpenAsync();
        house.Client.DefaultRequestHeaders.Clear();
        if (key is not null)
            house.Client.DefaultRequestHeaders.Add("X-Internal-Key", key);

        foreach (var path in new[] { "/api/plain", "/API/plain", "/api/there-is-no-such", "/api" })
        {
            var answer = await house.SendAsync(HttpMethod.Get, path, null, ("X-Caller", "ada;admin"));
            await HttpHouse.ProblemAsync(answer, 401, "unauthenticated");
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [Theory]
    [InlineData(null, 200, "internal;admin")]
    [InlineData("ada;reader", 200, "ada;reader")]
    [InlineData("ada;Submitter", 200, "ada;submitter")]
    [InlineData("ada;0", 401, null)]
    [InlineData("ada;owner", 401, null)]
    [InlineData(";admin", 401, null)]
    [InlineData("ada", 401, null)]
    public async Task With_it_the_caller_is_whom_it_names(string? caller, int status, string? seen)
    {
        await using var house = await HttpHouse.OpenAsync();

        var answer = await house.SendAsync(
            HttpMethod.Get,
            "/api/plain",
            null,
            caller is null ? [] : [("X-Caller", caller)]
        );

        Assert.Equal(status, (int)answer.StatusCode);
        if (seen is not null)
            Assert.Equal(seen, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_service_without_a_configured_key_believes_nobody()
    {
        await using var house = await HttpHouse.OpenAsync(builder => builder.AddPipelineApi(), ("Internal:Key", ""));

        var answer = await house.SendAsync(HttpMethod.Get, "/api/plain", null, ("X-Internal-Key", ""));

        await HttpHouse.ProblemAsync(answer, 401, "unauthenticated");
    }

    [Fact]
    public async Task A_short_key_stops_the_service()
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            HttpHouse.OpenAsync(null, ("Internal:Key", "short"))
        );

        Assert.Contains("shorter than 16", refusal.Message, StringComparison.Ordinal);
    }
}

public sealed class When_somebody_brings_an_api_key
{
    private static readonly string Reader = ApiKeys.New();
    private static readonly string Submitter = ApiKeys.New();
    private static readonly string Admin = ApiKeys.New();

    [Theory]
    [InlineData("reader", "GET", "/api/plain", 200)]
    [InlineData("reader", "POST", "/api/orders", 403)]
    [InlineData("reader", "POST", "/api/clean", 403)]
    [InlineData("submitter", "GET", "/api/plain", 200)]
    [InlineData("submitter", "POST", "/api/orders", 201)]
    [InlineData("submitter", "POST", "/api/clean", 403)]
    [InlineData("submitter", "POST", "/api/CLEAN", 403)]
    [InlineData("submitter", "POST", "/api/clean/", 403)]
    [InlineData("admin", "POST", "/api/orders", 201)]
    [InlineData("admin", "POST", "/api/clean", 200)]
    public async Task Its_role_says_what_it_may_do(string role, string method, string path, int status)
    {
        await using var house = await OpenAsync();
        var key = role switch
        {
            "reader" => Reader,
            "submitter" => Submitter,
            _ => Admin,
        };

        var answer = await house.SendAsync(new(method), path, null, ("Authorization", $"Bearer {key}"));

        if (status == 403)
            await HttpHouse.ProblemAsync(answer, 403, "forbidden");
        else
            Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task An_unknown_key_another_scheme_and_no_key_are_refused()
    {
        await using var house = await OpenAsync();
        string[] wrong =
        [
            $"Bearer {ApiKeys.New()}",
            $"Basic {Admin}",
            $"Bearer {Admin[..^1]}",
            "Bearer",
            "Bearer " + new string('x', 4000),
        ];

        foreach (var header in wrong)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/plain");
            request.Headers.TryAddWithoutValidation("Authorization", header);
            await HttpHouse.ProblemAsync(await house.Client.SendAsync(request), 401, "unauthenticated");
        }
        await HttpHouse.ProblemAsync(await house.SendAsync(HttpMethod.Get, "/api/plain"), 401, "unauthenticated");
    }

    [Fact]
    public async Task Keys_may_lie_in_a_file_beside_those_of_the_configuration()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            $$"""[{ "name": "grace", "role": "admin", "hash": "{{ApiKeys.HashOf(Admin)}}" }]"""
        );
        await using var house = await HttpHouse.OpenAsync(
            Keys,
            ("Access:KeysFile", file),
            ("Access:Keys:0:Name", "ada"),
            ("Access:Keys:0:Hash", ApiKeys.HashOf(Reader))
        );

        foreach (var (key, caller) in new[] { (Admin, "grace;admin"), (Reader, "ada;reader") })
        {
            var answer = await house.SendAsync(HttpMethod.Get, "/api/plain", null, ("Authorization", $"Bearer {key}"));
            Assert.Equal(caller, await answer.Content.ReadAsStringAsync());
        }
        File.Delete(file);
    }

    [Theory]
    [InlineData("Access:Keys:0:Hash", "tp_not-a-hash", "expected sha256: and 64 hexadecimal digits")]
    [InlineData("Access:Keys:0:Name", "a;admin", "a key's name is 'a;admin'")]
    [InlineData("Access:KeysFile", "nowhere/at-all", "names no file")]
    [InlineData("Access:KeysFile", "xunit.runner.json", "is not a JSON list of keys")]
    [InlineData("Access:Keys:1:Name", "ada", "two keys have the name 'ada'")]
    public async Task Keys_that_are_not_well_made_stop_the_process(string setting, string value, string message)
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            HttpHouse.OpenAsync(
                Keys,
                ("Access:Keys:0:Name", "ada"),
                ("Access:Keys:0:Hash", ApiKeys.HashOf(Reader)),
                (setting, setting == "Access:KeysFile" ? Path.Combine(AppContext.BaseDirectory, value) : value)
            )
        );

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_key_is_long_random_and_plain()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => ApiKeys.New()).ToHashSet();

        Assert.Equal(100, keys.Count);
        Assert.All(keys, key => Assert.Matches(@"\Atp_[A-Za-z0-9_-]{43}\z", key));
    }

    private static Task<HttpHouse> OpenAsync() =>
        HttpHouse.OpenAsync(
            Keys,
            [
                .. new[] { ("reader", Reader), ("submitter", Submitter), ("admin", Admin) }
                    .Index()
                    .SelectMany(key =>
                        new[]
                        {
                            ($"Access:Keys:{key.Index}:Name", key.Item.Item1),
                            ($"Access:Keys:{key.Index}:Role", key.Item.Item1),
                            ($"Access:Keys:{key.Index}:Hash", ApiKeys.HashOf(key.Item.Item2)),
                        }
                    ),
            ]
        );

    private static void Keys(Microsoft.AspNetCore.Builder.WebApplicationBuilder builder) =>
        builder.AddApiKeys().AddPipelineApiParts();
}

public sealed class When_a_role_is_asked_for
{
    [Theory]
    [InlineData("GET", "/api/dead-letters", AccessRole.Reader)]
    [InlineData("HEAD", "/api/runs", AccessRole.Reader)]
    [InlineData("POST", "/api/datasets", AccessRole.Submitter)]
    [InlineData("DELETE", "/api/anything", AccessRole.Submitter)]
    [InlineData("POST", "/api/dead-letters/7/replay", AccessRole.Admin)]
    [InlineData("POST", "/api/clean", AccessRole.Admin)]
    public void Reading_submitting_and_clearing_up_are_told_apart(string method, string path, AccessRole role) =>
        Assert.Equal(role, AccessRules.Needed(method, new PathString(path)));
}
