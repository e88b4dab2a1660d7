using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Bus.DeadLetters;
using TransferPipeline.Orchestration.DeadLetters;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Tests.DeadLetters;

public sealed class When_dead_letters_are_asked_for_by_http : IAsyncLifetime
{
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton<IDeadLetters>(new OneLetter());
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapDeadLetterApi();
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task The_list_is_short_and_one_letter_has_its_error()
    {
        var listed = (await GetAsync("/api/dead-letters"))!.AsArray().Single()!;
        var shown = (await GetAsync("/api/dead-letters/one"))!;

        Assert.Equal(("one", "it burns"), ((string?)listed["id"], (string?)listed["reason"]));
        Assert.Null(listed["detail"]);
        Assert.Equal("at line 1", (string?)shown["detail"]);
    }

    [Fact]
    public async Task A_replay_is_accepted_and_counted()
    {
        using var answer = await _client.PostAsync("/api/dead-letters/one/replay", null, Cancellation);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(1, (int?)(await answer.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["replays"]);
    }

    [Theory]
    [InlineData("none", HttpStatusCode.NotFound, "There is no dead letter 'none'")]
    [InlineData("stuck", HttpStatusCode.Conflict, "nobody has its queue")]
    public async Task A_replay_that_cannot_be_is_a_problem(string id, HttpStatusCode status, string detail)
    {
        using var answer = await _client.PostAsync($"/api/dead-letters/{id}/replay", null, Cancellation);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
        Assert.Contains(detail, (string?)problem["detail"]);
        Assert.Equal(id == "none" ? "not-found" : "conflict", (string?)problem["code"]);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<JsonNode?> GetAsync(string path) => _client.GetFromJsonAsync<JsonNode>(path, Cancellation);

    private sealed class OneLetter : IDeadLetters
    {
        private DeadLetterDocument _letter = new()
        {
            Id = "one",
            Queue = "step-events",
            Reason = "it burns",
            Detail = "at line 1",
            Died = DateTimeOffset.UnixEpoch,
        };

        public Task<IReadOnlyList<DeadLetterDocument>> ListAsync(CancellationToken cancellation = default) =>
            Task.FromResult<IReadOnlyList<DeadLetterDocument>>([_letter]);

        public Task<DeadLetterDocument?> FindAsync(string id, CancellationToken cancellation = default) =>
            Task.FromResult(
                id switch
                {
                    "one" => _letter,
                    "stuck" => _letter with { Id = id },
                    _ => null,
                }
            );

        public Task<DeadLetterDocument> ReplayAsync(string id, CancellationToken cancellation = default) =>
            id == "one"
                ? Task.FromResult(_letter = _letter with { Replays = _letter.Replays + 1 })
                : throw new BadInputException("nobody has its queue");
    }
}
