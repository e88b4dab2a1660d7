using System.Diagnostics;
using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Attacks.Recipes;
using TransferPipeline.Benchmarks.Training;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Lexicons;

namespace TransferPipeline.Benchmarks.Attacks;

/// <summary>
/// How long an attack takes beside the forwards it really pays, when the model reads the same texts at once in full batches.
/// </summary>
internal static class AttackRate
{
    public static void Run(BenchmarkInputs inputs)
    {
        using var model = Classifiers.Open(inputs.Model, inputs.Compute);
        var recipe = AttackRecipes.Find(inputs.Text("recipe", "deepwordbug"), Packs(inputs));
        AttackedExample[] examples =
        [
            .. inputs
                .Sentences.Take(inputs.Number("examples", 200))
                .Select((one, at) => new AttackedExample($"{at}", new(one.Text), Label(model, one.Label))),
        ];
        model.Predict([.. examples.Select(example => example.Text)]);

        var victim = new Recording(Victims.Of(model));
        var product = MatrixProduct.Rate(inputs.Compute);
        var watch = Stopwatch.StartNew();
        var results = new List<AttackedText>();
        var early = 0.0;
        foreach (var result in new AttackEngine(victim, recipe, new(13), TimeProvider.System).Run(examples, default))
        {
            results.Add(result);
            if (results.Count == (examples.Length + 4) / 5)
                early = Measured.PeakMemory() / 1e6;
        }
        var attack = watch.Elapsed.TotalSeconds;
        var memory = Measured.PeakMemory() / 1e6;
        watch.Restart();
        victim.Inner.Predict(victim.Read, default);
        var forwards = watch.Elapsed.TotalSeconds;

        Measured.Head(
            "recipe",
            "examples",
            "under attack %",
            "queries",
            "forwards",
            "attack s",
            "the same forwards s",
            "ratio",
            "queries/s",
            "1024³ GFLOP/s",
            "peak memory MB after a fifth",
            "at the end"
        );
        Measured.Row(
            recipe.Name,
            results.Count,
            100.0 * results.Count(one => one.Outcome is AttackOutcome.Failed) / results.Count,
            results.Sum(one => one.Queries),
            victim.Read.Count,
            attack,
            forwards,
            attack / forwards,
            results.Sum(one => one.Queries) / attack,
            product,
            early,
            memory
        );
    }

    private static LexiconSet Packs(BenchmarkInputs inputs) =>
        new(
            LexiconKinds
                .Names.Where(inputs.Has)
                .Select(kind => LexiconPack.Read(LexiconKinds.Parse(kind), inputs.Text(kind)))
        );

    /// <summary>A label by its name, or by its number.</summary>
    private static int Label(IClassifier model, string label) =>
        model.Labels.ToList().IndexOf(label) is >= 0 and var known ? known
        : int.TryParse(label, out var number) && number >= 0 && number < model.Labels.Count ? number
        : throw new BadInputException($"label '{label}': the model knows {string.Join(", ", model.Labels)}.");

    /// <summary>Remembers every text that the model read.</summary>
    private sealed class Recording(IVictim inner) : IVictim
    {
        public IVictim Inner { get; } = inner;

        public List<VictimText> Read { get; } = [];

        public IReadOnlyList<string> Labels => Inner.Labels;

        VictimText IVictim.Read(AttackedExample example, ModelText text) => Inner.Read(example, text);

        public IReadOnlyList<VictimAnswer> Predict(IReadOnlyList<VictimText> texts, CancellationToken stop)
        {
            Read.AddRange(texts);
            return Inner.Predict(texts, stop);
        }
    }
}
