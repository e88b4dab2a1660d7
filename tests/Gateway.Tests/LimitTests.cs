using System.Globalization;

namespace TransferPipeline.Gateway.Tests;

public sealed class When_too_many_requests_come
{
    [Fact]
    public async Task The_one_too_many_is_told_when_to_come_again_and_other_keys_are_not_held_up()
    {
        await using var front = await Front.StartAsync("Gateway:Burst=3", "Gateway:RequestsPerMinute=2");
        using var reader = front.Reader;
        using var admin = front.Admin;
        for (var request = 0; request < 3; request++)
            using (var answer = await reader.GetAsync("/api/runs", Cancellation))
                Assert.Equal(200, (int)answer.StatusCode);

        using var refused = await reader.GetAsync("/api/runs", Cancellation);
        using var other = await admin.GetAsync("/api/runs", Cancellation);
        using var health = await reader.GetAsync("/health/live", Cancellation);

        await Front.ProblemAsync(refused, 429, "rate-limited");
        var after = int.Parse(refused.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture);
        Assert.InRange(after, 1, 30);
        Assert.Equal((200, 200), ((int)other.StatusCode, (int)health.StatusCode));
        Assert.Equal(4, front.Services["orchestration"].Requests.Count);
    }

    [Fact]
    public async Task Guesses_of_keys_are_limited_together()
    {
        await using var front = await Front.StartAsync("Gateway:Burst=3", "Gateway:RequestsPerMinute=2");
        var codes = new List<int>();
        for (var guess = 0; guess < 5; guess++)
        {
            using var client = front.Nobody;
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer tp_guess{guess}");
            using var answer = await client.GetAsync("/api/runs", Cancellation);
            codes.Add((int)answer.StatusCode);
        }

        Assert.Equal([401, 401, 401, 429, 429], codes);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}

public sealed class When_a_browser_calls_from_another_page
{
    private const string Page = "https://studies.example.org";

    [Fact]
    public async Task It_is_not_allowed_to_read_the_answer_by_default()
    {
        await using var front = await Front.StartAsync();
        using var client = front.Reader;
        client.DefaultRequestHeaders.Add("Origin", Page);

        using var answer = await client.GetAsync("/api/runs", Cancellation);
        using var preflight = await PreflightAsync(front, Page);

        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_configured_origin_may_and_no_other()
    {
        await using var front = await Front.StartAsync($"Gateway:Origins:0={Page}");

        using var allowed = await PreflightAsync(front, Page);
        using var other = await PreflightAsync(front, "https://elsewhere.example.org");

        Assert.Equal([Page], allowed.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.False(other.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Empty(front.Services["orchestration"].Requests);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<HttpResponseMessage> PreflightAsync(Front front, string origin)
    {
        using var client = front.Nobody;
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/runs");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization");
        return await client.SendAsync(request, Cancellation);
    }
}
