using Microsoft.AspNetCore.Http;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Hosting.Http.Idempotency;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Api;

/// <summary>Where runs are handed in and acted upon over HTTP.</summary>
internal sealed class RunCounter(RunDesk desk, SubmittedInputs inputs, IDocuments<RunDocument> runs)
{
    private const int MostOverrides = 100;
    private const int LongestOverride = 4096;

    public async Task<IResult> SubmitAsync(HttpContext context)
    {
        if (await JsonBodies.ReadAsync<RunSubmission>(context) is not { Scenario: { Length: > 0 } scenario } submission)
            throw SentScenario.Missing();
        var set = submission.Set ?? [];
        if (scenario.Length > SentScenario.Longest)
            throw ApiProblemException.BadInput($"The scenario is longer than {SentScenario.Longest} characters.");
        if (set.Count > MostOverrides || set.Any(text => text is null || text.Length > LongestOverride))
            throw ApiProblemException.BadInput(
                $"set is too long; expected at most {MostOverrides} texts of at most {LongestOverride} characters."
            );
        try
        {
            var request = new RunRequest(scenario, "scenario", set)
            {
                Id = IdempotentRequests.NameOf(context),
                NoCache = submission.NoCache,
            };
            request = request with
            {
                Device = submission.Device ?? request.Device,
                Precision = submission.Precision ?? request.Precision,
            };
            var run = await desk.SubmitAsync(request, inputs, context.RequestAborted);
            if (run.Source != scenario || !run.Overrides.SequenceEqual(set))
                throw IdempotentRequests.Reused();
            return Answers.At(context, $"/api/runs/{run.Id}", run, StatusCodes.Status202Accepted);
        }
        catch (BadInputException wrong)
        {
            throw SentScenario.Refused(wrong);
        }
    }

    public async Task<RunDocument> GetAsync(string run, CancellationToken cancellation) =>
        await runs.GetAsync(run, cancellation) ?? throw ApiProblemException.NotFound($"There is no run '{run}'.");

    public async Task<IReadOnlyList<StepDocument>> StepsAsync(string run, CancellationToken cancellation)
    {
        await GetAsync(run, cancellation);
        return await desk.StepsAsync(run, cancellation);
    }

    public Task<IResult> CancelAsync(HttpContext context, string run) =>
        ActAsync(context, run, () => desk.CancelAsync(run, context.RequestAborted));

    public Task<IResult> ResumeAsync(HttpContext context, string run) =>
        ActAsync(context, run, () => desk.ResumeAsync(run, owner: null, context.RequestAborted));

    public async Task<IResult> RetryAsync(HttpContext context, string run)
    {
        var step = (await JsonBodies.ReadAsync<RetryRequest>(context))?.Step;
        var steps = await StepsAsync(run, context.RequestAborted);
        if (step is not null && !steps.Any(one => one.Id == step || one.Id == $"{run}.{step}" || one.Name == step))
            throw ApiProblemException.NotFound(
                $"Run {run} has no step '{step}'; expected one of {string.Join(", ", steps.Select(one => one.Name).Distinct())}."
            );
        return await ActAsync(context, run, () => desk.RetryAsync(run, step, owner: null, context.RequestAborted));
    }

    public async Task<IResult> CleanAsync(HttpContext context)
    {
        var request = await JsonBodies.ReadAsync<CleanRequest>(context) ?? new CleanRequest();
        var olderThan = request.OlderThan ?? "1d";
        var age =
            CleanUpAge.Of(olderThan)
            ?? throw ApiProblemException.BadInput($"olderThan is '{olderThan}'; {CleanUpAge.Expected}.");
        return Answers.Json(await desk.CleanAsync(age, request.DryRun, context.RequestAborted));
    }

    private async Task<IResult> ActAsync(HttpContext context, string run, Func<Task<RunDocument>> act)
    {
        await GetAsync(run, context.RequestAborted);
        try
        {
            return Answers.At(context, $"/api/runs/{run}", await act(), StatusCodes.Status202Accepted);
        }
        catch (BadInputException notNow)
        {
            throw new ApiProblemException(StatusCodes.Status409Conflict, "conflict", notNow.Message);
        }
    }
}
