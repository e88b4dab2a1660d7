using TransferPipeline.Attacks.Recipes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Lexicons;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>Attacks a model example by example; one that was cut off goes on behind the examples that were through.</summary>
internal sealed class AttackHandler(TimeProvider time) : IStepHandler
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(30);

    public StepKind Kind => StepKinds.Attack;

    public StepOutput Handle(StepWork work)
    {
        var spec = work.Spec<AttackSpec>();
        var dataset = work.Dataset();
        var split =
            dataset.Find(spec.Split)
            ?? throw new BadInputException(
                $"split: dataset '{dataset.Name}' has no split '{spec.Split}'; it has "
                    + string.Join(", ", dataset.Splits.Select(one => one.Name))
            );
        using var model = Classifiers.Open(work.OpenModel(work.Model()));
        using var given = new RecipeResources(
            LexiconSet.Open(work.Inputs("lexicons").Select(input => work.FileOf(input.File!))),
            model,
            name => work.Input(name)?.Model is { } further ? work.OpenModel(further) : null
        );
        var recipe = spec.Parts is { } parts
            ? RecipeBuilder.Build(parts, given)
            : AttackRecipes.Find(spec.Recipe, given);
        if (model.Regression || dataset.Task is not (TaskType.Classification or TaskType.PairClassification))
            throw new BadInputException(
                $"dataset: a recipe attacks classifiers, and the task here is {dataset.Task}; expected labels of texts or of pairs"
            );
        var rows = ChosenExamples.Of(work.Rows(split), spec.Examples, dataset, model);

        using var log = new AttackLog(work, rows.Count);
        var engine = new AttackEngine(
            Victims.Of(model),
            recipe,
            new AttackLimits(spec.Seed, spec.Budget, spec.Seconds is { } most ? TimeSpan.FromSeconds(most) : null),
            time
        );
        Run(engine, rows, log, work);

        var summary = new AttackSummary(
            recipe.Name,
            work.Model().Id,
            dataset.Name,
            split,
            spec.Seed,
            rows.Count,
            spec.Budget,
            log.Store().Hash
        );
        var files = new SortedDictionary<string, string>
        {
            [AttackSummary.File] = work.Store(summary).Hash,
            ["attacks.csv"] = AttackCsv.Store(log.Results(), work).Hash,
            ["attacks.jsonl"] = summary.Log,
        };
        return new StepOutput(AttackedDataset.Of(dataset, split, rows, log.Results(), work), Files: files);
    }

    private void Run(AttackEngine engine, IReadOnlyList<AttackedRow> rows, AttackLog log, StepWork work)
    {
        var saved = time.GetTimestamp();
        try
        {
            foreach (var result in engine.Run(rows.Skip(log.Count).Select(row => row.Attacked), work.Stop))
            {
                log.Add(result);
                if (time.GetElapsedTime(saved) < SaveEvery)
                    continue;
                log.Save();
                saved = time.GetTimestamp();
            }
        }
        catch (OperationCanceledException)
        {
            log.Save();
            throw;
        }
    }
}
