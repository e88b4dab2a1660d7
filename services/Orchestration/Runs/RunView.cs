using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>A run and its steps as last seen; what is out of date in it is found out by compare-and-set.</summary>
internal sealed class RunView
{
    private readonly Dictionary<string, StepDocument> _steps;
    private readonly ILookup<string, string> _dependents;

    public RunView(RunDocument run, IEnumerable<StepDocument> steps)
    {
        Run = run;
        _steps = steps.ToDictionary(step => step.Id);
        _dependents = _steps
            .Values.SelectMany(step => step.Needs.Select(need => (Need: need, step.Id)))
            .ToLookup(pair => pair.Need, pair => pair.Id);
    }

    public RunDocument Run { get; set; }

    /// <summary>The steps, needed ones first.</summary>
    public IEnumerable<StepDocument> Steps => Run.Steps.Select(id => _steps[id]);

    public StepDocument? Find(string step) => _steps.GetValueOrDefault(step);

    public void Put(StepDocument step) => _steps[step.Id] = step;

    public IEnumerable<StepDocument> NeededBy(StepDocument step) => step.Needs.Select(need => _steps[need]);

    public IEnumerable<StepDocument> DependentsOf(string step) => _dependents[step].Select(id => _steps[id]);
}
