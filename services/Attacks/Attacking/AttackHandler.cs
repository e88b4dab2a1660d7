using TransferPipeline.Attacks.Goals;
using TransferPipeline.Attacks.Recipes;
using TransferPipeline.Attacks.Searches;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Lexicons;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>
/// Attacks a model example by example; one that was cut off goes on behind the examples that were through. Of an attack in parts
/// each is a step of its own, and the whole puts their logs together.
/// </summary>
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
        if (dataset.Task is not (TaskType.Classification or TaskType.PairClassification or TaskType.QuestionAnswering))
            throw Unfit(dataset);
        var examples = ChosenExamples.Of(work.Rows(split), spec, dataset);

        using var log = new AttackLog(work, examples.Count);
        var pieces = work.Inputs("pieces");
        if (pieces.Count > 0)
            foreach (var result in pieces.SelectMany(part => Log(part, work)).Skip(log.Count))
                log.Add(result);
        else
            Attack(spec, dataset, examples, log, work);

        var summary = new AttackSummary(
            spec.Called,
            work.Model().Id,
            dataset.Name,
            split,
            spec.Seed,
            examples.Count,
            spec.Budget,
            log.Store().Hash
        )
        {
            Noise = spec.Noise,
        };
        var files = new SortedDictionary<string, string>
        {
            [AttackSummary.File] = work.Store(summary).Hash,
            ["attacks.csv"] = AttackCsv.Store(log.Results(), work).Hash,
            ["attacks.jsonl"] = summary.Log,
        };
        // A part's texts become examples once the whole is there.
        return spec.Shard is not null && pieces.Count == 0
            ? new StepOutput(Files: files)
            : new StepOutput(AttackedDataset.Of(dataset, split, examples, log.Results(), work), Files: files);
    }

    private static IEnumerable<AttackedText> Log(StepInput part, StepWork work) =>
        WireFormat.ReadLines<AttackedText>(work.FileOf(new ArtefactRef(work.Read<AttackSummary>(part.File!).Log)));

    private void Attack(
        AttackSpec spec,
        DatasetRef dataset,
        IReadOnlyList<Example> examples,
        AttackLog log,
        StepWork work
    )
    {
        var folder = work.OpenModel(work.Model());
        if (dataset.Task is TaskType.QuestionAnswering)
        {
            using var answerer = AnswerFinder.Open(folder);
            Attack(new AnswerVictim(answerer), null, [.. ChosenExamples.Questions(examples)], spec, log, work);
            return;
        }
        using var model = Classifiers.Open(folder);
        if (model.Regression)
            throw Unfit(dataset);
        Attack(Victims.Of(model), model, [.. ChosenExamples.For(model, examples, spec, dataset)], spec, log, work);
    }

    private void Attack(
        IVictim victim,
        IClassifier? model,
        IReadOnlyList<AttackedExample> examples,
        AttackSpec spec,
        AttackLog log,
        StepWork work
    )
    {
        using var given = new RecipeResources(
            LexiconSet.Open(work.Inputs("lexicons").Select(input => work.FileOf(input.File!))),
            model,
            name => work.Input(name)?.Model is { } further ? work.OpenModel(further) : null
        );
        var recipe = spec.Parts is { } parts
            ? RecipeBuilder.Build(parts, given)
            : AttackRecipes.Find(spec.Recipe, given);
        // A part may well hold none.
        if (spec.Shard is null && !examples.Any(recipe.MayChange))
            throw new BadInputException(
                $"dataset: recipe {recipe.Name} may change no word of any of the {examples.Count} examples"
            );
        if (spec.Noise is { } rate)
            recipe = recipe with { Goal = new Untargeted(), Search = new AtRate(rate) };
        var engine = new AttackEngine(
            victim,
            recipe,
            new AttackLimits(spec.Seed, spec.Budget, spec.Seconds is { } most ? TimeSpan.FromSeconds(most) : null),
            time
        );
        Run(engine.Run(examples.Skip(log.Count), work.Stop), log);
    }

    private void Run(IEnumerable<AttackedText> results, AttackLog log)
    {
        var saved = time.GetTimestamp();
        try
        {
            foreach (var result in results)
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

    private static BadInputException Unfit(DatasetRef dataset) =>
        new(
            $"dataset: a recipe attacks classifiers and what answers questions, and the task here is {dataset.Task}; expected labels of texts or of pairs, or questions"
        );
}
