using System.Net;
using Microsoft.Data.Sqlite;
using MongoDB.Driver;
using TransferPipeline.Hosting.Http;

namespace TransferPipeline.Hosting.Tests.Http;

public sealed class When_a_request_cannot_be_answered
{
    [Theory]
    [InlineData("GET", "/api/there-is-no-such", 404, "not-found")]
    [InlineData("DELETE", "/api/plain", 405, "method-not-allowed")]
    [InlineData("GET", "/api/fault", 500, "internal")]
    [InlineData("GET", "/api/away", 503, "store-unavailable")]
    public async Task The_answer_is_a_problem_document_with_a_code(string method, string path, int status, string code)
    {
        await using var house = await HttpHouse.OpenAsync();

        var answer = await house.SendAsync(new(method), path);

        var problem = await HttpHouse.ProblemAsync(answer, status, code);
        Assert.DoesNotContain("secret", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(status == 503 ? TimeSpan.FromSeconds(1) : null, answer.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("""{"item":"a","colour":"red"}""", "$.colour is not known; expected JSON with item, count")]
    [InlineData("""{"item":7}""", "$.item is not of the type expected there")]
    [InlineData("""{"item":"a","item":"b"}""", "expected JSON with item, count")]
    [InlineData("""{"item":"a" """, "line 1, byte")]
    [InlineData("""["a"]""", "expected JSON with item, count")]
    [InlineData("this is no JSON", "line 1, byte")]
    public async Task Json_that_is_not_what_is_expected_is_told_with_its_place(string body, string expected)
    {
        await using var house = await HttpHouse.OpenAsync();

        var answer = await house.SendAsync(HttpMethod.Post, "/api/orders", HttpHouse.Json(body));

        var problem = await HttpHouse.ProblemAsync(answer, 400, "bad-input");
        Assert.Contains(expected, (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("TransferPipeline", (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.Equal(0, house.Orders);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(100_000)]
    public async Task Deeply_nested_json_is_refused(int depth)
    {
        await using var house = await HttpHouse.OpenAsync();
        var body = "{\"item\":" + new string('[', depth) + new string(']', depth) + "}";

        var answer = await house.SendAsync(HttpMethod.Post, "/api/orders", HttpHouse.Json(body));

        await HttpHouse.ProblemAsync(answer, 400, "bad-input");
        Assert.Equal(0, house.Orders);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_beyond_the_cap_is_too_large_whether_its_length_is_told_or_not(bool told)
    {
        await using var house = await HttpHouse.OpenAsync(null, ("Api:MaxJsonBytes", "2048"));
        var body = HttpHouse.Json($$"""{"item":"{{new string('a', 4096)}}"}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/orders") { Content = body };
        request.Headers.TransferEncodingChunked = !told;

        var answer = await house.Client.SendAsync(request);

        await HttpHouse.ProblemAsync(answer, 413, "too-large");
        Assert.Equal(0, house.Orders);
    }

    [Fact]
    public async Task Another_content_type_is_unsupported()
    {
        await using var house = await HttpHouse.OpenAsync();

        var answer = await house.SendAsync(HttpMethod.Post, "/api/orders", new StringContent("item: a"));

        await HttpHouse.ProblemAsync(answer, 415, "unsupported-media-type");
    }

    [Fact]
    public async Task A_long_text_of_the_caller_comes_back_cut()
    {
        await using var house = await HttpHouse.OpenAsync();

        var answer = await house.SendAsync(HttpMethod.Get, "/api/" + new string('x', 5000));

        var problem = await HttpHouse.ProblemAsync(answer, 404, "not-found");
        Assert.Equal(1001, ((string)problem["detail"]!).Length);
    }
}

public sealed class When_a_fault_is_told_to_the_caller
{
    [Fact]
    public void A_full_disk_is_told_as_such()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);

        var fault = Assert.Throws<IOException>(() => full.Write("rows"u8));

        Assert.Equal((507, "storage-full"), Told(fault));
    }

    [Fact]
    public void A_store_that_is_away_is_told_apart_from_a_fault_of_the_program()
    {
        Assert.Equal((503, "store-unavailable"), Told(new SqliteException("database is locked", 5)));
        Assert.Equal((503, "store-unavailable"), Told(new MongoException("no primary")));
        Assert.Equal((503, "store-unavailable"), Told(new TimeoutException()));
        Assert.Equal((500, "internal"), Told(new NullReferenceException()));
        Assert.Equal((500, "internal"), Told(new IOException("another")));
    }

    private static (int, string) Told(Exception fault)
    {
        var problem = ApiFaults.Of(fault);
        return (problem.Status, problem.Code);
    }
}

public sealed class When_a_request_has_an_id
{
    [Fact]
    public async Task A_short_plain_one_is_kept_and_comes_back()
    {
        await using var house = await HttpHouse.OpenAsync();

        var answer = await house.SendAsync(HttpMethod.Get, "/api/plain", null, ("X-Request-Id", "study-7.retry_2"));

        Assert.Equal("study-7.retry_2", answer.Headers.GetValues("X-Request-Id").Single());
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("<script>")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task Another_is_replaced(string id)
    {
        await using var house = await HttpHouse.OpenAsync();

        var answer = await house.SendAsync(HttpMethod.Get, "/api/plain", null, ("X-Request-Id", id));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Matches(@"\A[0-9a-f]{24}\z", answer.Headers.GetValues("X-Request-Id").Single());
    }
}
