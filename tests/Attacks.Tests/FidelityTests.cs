using System.Text.Json;
using System.Text.Json.Serialization;
using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Attacks.Recipes;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.TestKit;

namespace TransferPipeline.Attacks.Tests;

/// <summary>
/// The recipes beside TextAttack 0.3.11 on the same model, packs and examples. <c>TRANSFER_ATTACK_EXAMPLES</c> says how many of
/// the 200 are attacked, 40 where it says nothing.
/// </summary>
public sealed class When_a_recipe_runs_beside_TextAttack
{
    private static readonly int Examples = int.Parse(
        Environment.GetEnvironmentVariable("TRANSFER_ATTACK_EXAMPLES") ?? "40",
        System.Globalization.CultureInfo.InvariantCulture
    );

    private static readonly Lazy<IClassifier> Victim = new(() =>
        Classifiers.Open(SharedFiles.Require("models", "minilm-sst2"))
    );

    [Theory]
    [InlineData("pwws")]
    [InlineData("input-reduction")]
    public void Outcomes_and_queries_are_equal(string recipe)
    {
        var expected = Golden(recipe).ToList();

        var found = Attack(recipe, expected, 1);

        var equal = expected
            .Zip(found, (one, other) => one.Result == other.Outcome.ToString().ToLowerInvariant() && one.Queries == other.Queries)
            .Count(same => same);
        foreach (var (one, other) in expected.Zip(found).Where(pair => pair.First.Queries != pair.Second.Queries || pair.First.Perturbed != pair.Second.Perturbed))
            TestContext.Current.TestOutputHelper?.WriteLine($"{one.Result} {one.Queries} {one.Score} {one.PerturbedScore} {one.Perturbed}\n{other.Outcome} {other.Queries} {other.Score} {other.PerturbedScore} {other.Perturbed}\n");
        TestContext.Current.TestOutputHelper?.WriteLine($"{equal} of {expected.Count}; forwards {found.Sum(one => one.Forwards)}, queries {found.Sum(one => one.Queries)}");
        Assert.True(equal >= 0.97 * expected.Count, $"{recipe}: {equal} of {expected.Count} examples are as TextAttack's.");
    }

    internal static IReadOnlyList<AttackedText> Attack(string recipe, IEnumerable<GoldenAttack> examples, long seed)
    {
        var victim = Victims.Of(Victim.Value);
        var engine = new AttackEngine(
            victim,
            AttackRecipes.Find(recipe, Packs()),
            new AttackLimits(seed),
            TimeProvider.System
        );
        return
        [
            .. engine.Run(
                examples.Select((one, at) => new AttackedExample($"{at}", new ModelText(one.Text), one.Label)),
                TestContext.Current.CancellationToken
            ),
        ];
    }

    private static LexiconSet Packs() =>
        new([
            LexiconPack.Read(LexiconKind.WordNet, "/usr/share/wordnet"),
            LexiconPack.Read(LexiconKind.StopWords, Path("stopwords.txt")),
            LexiconPack.Read(LexiconKind.Keyboard, Path("keyboard.json")),
        ]);

    internal static IEnumerable<GoldenAttack> Golden(string recipe) =>
        File.ReadLines(Path($"{recipe}.jsonl"))
            .Take(Examples)
            .Select(line => JsonSerializer.Deserialize<GoldenAttack>(line, JsonSerializerOptions.Web)!);

    private static string Path(string name)
    {
        var folder = GoldenFolders.Of("attacks").FirstOrDefault();
        Assert.SkipWhen(folder is null, "TRANSFER_FIXTURES names no folder that holds attacks.");
        return System.IO.Path.Combine(folder!, name);
    }

    internal sealed record GoldenAttack(
        string Text,
        int Label,
        string Result,
        string Perturbed,
        int Queries,
        [property: JsonPropertyName("original_score")] double Score,
        [property: JsonPropertyName("perturbed_score")] double PerturbedScore
    );
}
