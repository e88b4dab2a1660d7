using TransferPipeline.Augmentation.Rewriting;
using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Lexicons;

namespace TransferPipeline.Benchmarks.Augmentation;

/// <summary>How many copies of sentences do the edits of words make a second, one thread?</summary>
internal static class RewritingSpeed
{
    public static void Run(BenchmarkInputs inputs)
    {
        string[] texts = [.. inputs.Sentences.Select(sentence => sentence.Text)];
        var lexicons = new LexiconSet([
            LexiconPack.Read(LexiconKind.WordNet, inputs.Text("wordnet", "/usr/share/wordnet")),
            LexiconPack.Read(LexiconKind.Neighbours, inputs.Text("neighbours")),
        ]);
        Measured.Head("method", "copies", "copies/s at the median", "least", "most");
        foreach (
            var method in new[] { "eda", "synonyms", "insertion", "swap", "deletion", "neighbours", "typos", "cut-off" }
        )
        {
            using var rewriting = WordRewriting.Of(method, lexicons);
            const int copies = 9;
            var seconds = Measured.Seconds(
                inputs.Number("repetitions", 5),
                () =>
                {
                    for (var row = 0; row < texts.Length; row++)
                        rewriting.Copies(texts[row], copies, 0.1, new SeededRandom(13, $"rewrite train-{row}"));
                }
            );
            double Rate(double time) => Math.Round(copies * texts.Length / time);
            Measured.Row(
                method,
                $"{copies * texts.Length:N0}",
                $"{Rate(Measured.Median(seconds)):N0}",
                $"{Rate(seconds[^1]):N0}",
                $"{Rate(seconds[0]):N0}"
            );
        }
    }
}
