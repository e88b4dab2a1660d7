using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Telemetry;
using TransferPipeline.Orchestration.Scenarios;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>Turns a scenario into the documents of a run.</summary>
internal sealed class Submission(
    IDocuments<RunDocument> runs,
    IDocuments<StepDocument> steps,
    TimeProvider time,
    RunPlacement placement,
    PoolOverlap? overlap = null
)
{
    /// <exception cref="BadInputException">Everything that is wrong; nothing was stored.</exception>
    public async Task<RunDocument> StoreAsync(
        RunRequest request,
        IInputResolver resolver,
        CancellationToken cancellation
    )
    {
        if (request.Id is { } id && await runs.GetAsync(id, cancellation) is { } earlier)
            return earlier;
        var run = await PrepareAsync(request, resolver, cancellation);
        if (!await runs.InsertAsync(run, cancellation))
            throw new InvalidOperationException($"Run {run.Id} exists already.");
        return run.WithVersion(1);
    }

    /// <summary>Stores the steps, and returns the run that makes them count once it is stored too.</summary>
    /// <exception cref="BadInputException">Everything that is wrong; nothing was stored.</exception>
    public async Task<RunDocument> PrepareAsync(
        RunRequest request,
        IInputResolver resolver,
        CancellationToken cancellation
    )
    {
        request = placement.Settled(request);
        var unrolled = ScenarioLoader.Load(request.Source, request.FileName, request.Overrides);
        placement.Check(unrolled, request);
        var given = await ResolveAsync(unrolled, request.FileName, resolver, cancellation);
        var run = request.Id ?? NewId();
        using var activity = PipelineMetrics.Source.StartActivity($"run {unrolled.Scenario.Name}");
        activity?.SetTag("transfer.run", run);
        var documents = unrolled.Steps.Select(step => Document(run, step, given, request)).ToList();
        documents.Add(Report(run, unrolled.Scenario, documents, request));

        // The run comes last: before it is there nobody looks at the steps.
        foreach (var document in documents)
            await InsertAsync(document with { Trace = activity?.Id }, request.Id is not null, cancellation);
        return new RunDocument
        {
            Id = run,
            Scenario = unrolled.Scenario.Name,
            Source = request.Source,
            Overrides = request.Overrides,
            Preset = unrolled.Scenario.Preset,
            MatrixKeys = unrolled.Scenario.Matrix.Keys,
            Report = unrolled.Scenario.Report,
            Steps = [.. documents.Select(document => document.Id)],
            Owner = request.Owner,
            StartedBy = request.StartedBy,
            Trace = activity?.Id,
            Submitted = time.GetUtcNow(),
        };
    }

    /// <param name="again">A process may have died between the steps of this run and the run itself.</param>
    private async Task InsertAsync(StepDocument step, bool again, CancellationToken cancellation)
    {
        if (again)
            await steps.DeleteAsync(step.Id, cancellation);
        if (!await steps.InsertAsync(step, cancellation))
            throw new InvalidOperationException($"Step {step.Id} exists already.");
    }

    private async Task<Dictionary<(InputKind, string), ResolvedInput>> ResolveAsync(
        UnrolledScenario scenario,
        string file,
        IInputResolver resolver,
        CancellationToken cancellation
    )
    {
        var resolved = new Dictionary<(InputKind, string), ResolvedInput>();
        var problems = new Problems(file);
        var asked = new HashSet<(InputKind, string)>();
        foreach (var input in scenario.Steps.SelectMany(step => step.Inputs))
        {
            if (input.Given is not { } text || !asked.Add((input.Kind, text)))
                continue;
            try
            {
                resolved[(input.Kind, text)] = await resolver.ResolveAsync(input.Kind, text, cancellation);
            }
            catch (BadInputException wrong)
            {
                foreach (var problem in wrong.Problems)
                    problems.Add(input.Origin.Place, input.Origin.Path, problem);
            }
        }
        problems.Throw();
        if (overlap is not null)
            await overlap.AddAsync(scenario, resolved, problems, cancellation);
        problems.Throw();
        return resolved;
    }

    private static StepDocument Document(
        string run,
        UnrolledStep step,
        Dictionary<(InputKind, string), ResolvedInput> given,
        RunRequest request
    ) =>
        new()
        {
            Id = IdOf(run, step),
            Run = run,
            Name = step.Name,
            Cell = step.Cell,
            Uses = step.Kind.Uses,
            Parameters = JsonSerializer.SerializeToNode(step.Spec, step.Kind.Spec, WireFormat.Options)!.AsObject(),
            Inputs = [.. step.Inputs.Select(input => Input(run, input, given))],
            Needs = [.. step.Inputs.Where(i => i.From is not null).Select(i => IdOf(run, i.From!)).Distinct()],
            Precision = RunPlacement.PrecisionOf(step, request),
            Device = RunPlacement.DeviceOf(step, request),
            NoCache = request.NoCache,
        };

    private static StepInput Input(
        string run,
        UnrolledInput input,
        Dictionary<(InputKind, string), ResolvedInput> given
    )
    {
        if (input.From is { } needed)
            return new StepInput(input.Name, From: new StepId(IdOf(run, needed)));
        var found = given[(input.Kind, input.Given!)];
        return new StepInput(input.Name, null, found.Name, found.Dataset, found.Model, found.File);
    }

    private static StepDocument Report(
        string run,
        Scenario scenario,
        IReadOnlyList<StepDocument> others,
        RunRequest request
    ) =>
        new()
        {
            Id = $"{run}.{StepKinds.Report.Uses}.0",
            Run = run,
            Name = StepKinds.Report.Uses,
            Cell = new Dictionary<string, string>(),
            Uses = StepKinds.Report.Uses,
            Parameters = JsonSerializer.SerializeToNode(scenario.Report, WireFormat.Options)!.AsObject(),
            Inputs = [],
            Needs = [.. others.Select(step => step.Id)],
            RunsAfterFailure = true,
            Precision = RunPlacement.Exact,
            Device = StepDevice.Known[0],
            NoCache = true,
        };

    private static string IdOf(string run, UnrolledStep step) =>
        string.Create(CultureInfo.InvariantCulture, $"{run}.{step.Name}.{step.Index}");

    private string NewId() =>
        time.GetUtcNow().ToString("yyyyMMdd-HHmmss-", CultureInfo.InvariantCulture)
        + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3));
}
