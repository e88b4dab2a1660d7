using System.Net;
using Microsoft.Extensions.DependencyInjection;
using TransferPipeline.Hosting.Http.Idempotency;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Tests.Http;

public sealed class When_a_request_is_sent_again_under_its_idempotency_key
{
    private const string Order = """{"item":"tea"}""";

    [Fact]
    public async Task It_is_done_once_and_answered_alike()
    {
        await using var house = await HttpHouse.OpenAsync();

        var first = await OrderAsync(house, "k1", Order);
        var second = await OrderAsync(house, "k1", Order);

        Assert.Equal(1, house.Orders);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal("/api/orders/1", second.Headers.Location?.ToString());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal("""{"item":"tea","count":1}""", await second.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Another_body_or_another_place_is_refused_and_does_nothing()
    {
        await using var house = await HttpHouse.OpenAsync();
        await OrderAsync(house, "k1", Order);

        var body = await OrderAsync(house, "k1", """{"item":"coffee"}""");
        var place = await house.SendAsync(
            HttpMethod.Post,
            "/api/orders?x=1",
            HttpHouse.Json(Order),
            ("Idempotency-Key", "k1")
        );

        await HttpHouse.ProblemAsync(body, 422, "idempotency-key-reused");
        await HttpHouse.ProblemAsync(place, 422, "idempotency-key-reused");
        Assert.Equal(1, house.Orders);
    }

    [Fact]
    public async Task The_same_key_of_another_caller_is_another_key()
    {
        await using var house = await HttpHouse.OpenAsync();

        await OrderAsync(house, "k1", Order, ("X-Caller", "ada;submitter"));
        var other = await OrderAsync(house, "k1", """{"item":"coffee"}""", ("X-Caller", "grace;submitter"));

        Assert.Equal((HttpStatusCode.Created, 2), (other.StatusCode, house.Orders));
    }

    [Fact]
    public async Task A_refused_request_may_be_made_good_under_the_same_key()
    {
        await using var house = await HttpHouse.OpenAsync();

        var refused = await OrderAsync(house, "k1", """{"count":0}""");
        var good = await OrderAsync(house, "k1", Order);

        await HttpHouse.ProblemAsync(refused, 400, "bad-input");
        Assert.Equal((HttpStatusCode.Created, 1), (good.StatusCode, house.Orders));
    }

    [Fact]
    public async Task Files_are_compared_and_not_the_boundaries_between_them()
    {
        await using var house = await HttpHouse.OpenAsync();

        var first = await FilesAsync(house, ("train", "a.csv", "rows"), ("test", "b.csv", "more"));
        var again = await FilesAsync(house, ("train", "a.csv", "rows"), ("test", "b.csv", "more"));
        var content = await FilesAsync(house, ("train", "a.csv", "rows"), ("test", "b.csv", "less"));
        var name = await FilesAsync(house, ("train", "a.csv", "rows"), ("dev", "b.csv", "more"));

        Assert.Equal("train=a.csv:rows;test=b.csv:more", await first.Content.ReadAsStringAsync());
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        await HttpHouse.ProblemAsync(content, 422, "idempotency-key-reused");
        await HttpHouse.ProblemAsync(name, 422, "idempotency-key-reused");
        Assert.Equal(1, house.Orders);
    }

    [Fact]
    public async Task While_the_first_is_worked_on_the_second_is_told_to_wait()
    {
        await using var house = await HttpHouse.OpenAsync();

        var first = house.SendAsync(HttpMethod.Post, "/api/slow", null, ("Idempotency-Key", "k1"));
        await house.Reached.Task;
        var second = await house.SendAsync(HttpMethod.Post, "/api/slow", null, ("Idempotency-Key", "k1"));
        house.Barrier.SetResult();

        await HttpHouse.ProblemAsync(second, 409, "conflict");
        Assert.Equal("done", await (await first).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task After_a_day_the_key_is_free_again_and_its_answer_is_swept_away()
    {
        await using var house = await HttpHouse.OpenAsync();
        await OrderAsync(house, "k1", Order);
        house.Clock.Advance(TimeSpan.FromHours(23));
        var kept = await OrderAsync(house, "k1", Order);

        house.Clock.Advance(TimeSpan.FromHours(2));
        var anew = await OrderAsync(house, "k1", """{"item":"coffee"}""");
        house.Clock.Advance(TimeSpan.FromHours(25));
        await house.Services.GetRequiredService<IdempotencyBook>().SweepAsync(CancellationToken.None);

        Assert.True(kept.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal((HttpStatusCode.Created, 2), (anew.StatusCode, house.Orders));
        Assert.Empty(
            await house.Services.GetRequiredService<IDocuments<IdempotencyDocument>>().FindAsync().ToListAsync()
        );
    }

    [Fact]
    public async Task The_request_of_a_process_that_died_is_made_again()
    {
        await using var house = await HttpHouse.OpenAsync();
        var dead = RunOwner.Current() with { ProcessStart = "before" };
        await OrderAsync(house, "k1", Order);
        var documents = house.Services.GetRequiredService<IDocuments<IdempotencyDocument>>();
        var entry = (await documents.FindAsync().ToListAsync()).Single();
        await documents.ReplaceAsync(entry with { Answer = null, Body = null, Owner = dead });

        var again = await OrderAsync(house, "k1", Order);

        Assert.Equal((HttpStatusCode.Created, 2), (again.StatusCode, house.Orders));
        Assert.Equal(entry.Name, (await documents.FindAsync().ToListAsync()).Single().Name);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("a key", 1)]
    [InlineData("k", 256)]
    public async Task A_key_that_is_not_well_made_is_refused(string text, int times)
    {
        await using var house = await HttpHouse.OpenAsync();
        var key = string.Concat(Enumerable.Repeat(text, times));

        var answer = await OrderAsync(house, key, Order);

        await HttpHouse.ProblemAsync(answer, 400, "bad-input");
        Assert.Equal(0, house.Orders);
    }

    private static Task<HttpResponseMessage> OrderAsync(
        HttpHouse house,
        string key,
        string body,
        params (string, string)[] headers
    ) => house.SendAsync(HttpMethod.Post, "/api/orders", HttpHouse.Json(body), [("Idempotency-Key", key), .. headers]);

    private static Task<HttpResponseMessage> FilesAsync(
        HttpHouse house,
        params (string Field, string Name, string Text)[] files
    ) => house.SendAsync(HttpMethod.Post, "/api/files", HttpHouse.Parts(files), ("Idempotency-Key", "k1"));
}
