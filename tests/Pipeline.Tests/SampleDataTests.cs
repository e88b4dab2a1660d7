using System.Text.RegularExpressions;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.TestKit;

namespace TransferPipeline.Pipeline.Tests;

/// <summary>What the demo stands on: sample reviews that are neither too easy nor the same sentence twice.</summary>
public sealed partial class When_the_sample_reviews_are_looked_at
{
    [Fact]
    public void No_two_texts_share_eight_consecutive_words()
    {
        var seen = new Dictionary<string, string>();
        foreach (
            var text in new[] { "train", "dev", "test" }.SelectMany(Rows).Select(row => row.Text).Concat(Unlabelled())
        )
        {
            var words = Word().Matches(text.ToLowerInvariant()).Select(match => match.Value).ToArray();
            for (var start = 0; start + 8 <= words.Length; start++)
            {
                var run = string.Join(' ', words.AsSpan(start, 8).ToArray());
                Assert.True(seen.TryAdd(run, text) || seen[run] == text, $"'{run}' is in two texts.");
            }
        }
    }

    [Fact]
    public void There_are_enough_test_rows_and_more_unlabelled_text()
    {
        Assert.InRange(Rows("test").Count, 200, int.MaxValue);
        Assert.InRange(Unlabelled().Length, Rows("train").Count, int.MaxValue);
    }

    [Fact]
    public void A_support_vector_machine_finds_them_neither_easy_nor_hopeless()
    {
        var (train, test) = (Rows("train"), Rows("test"));
        using var features = TfIdf.Fit(Texts(train));
        var model = LinearSvm.Fit(
            new LabelledRows(features.Transform(Texts(train)), [.. train.Select(row => row.Label)], classes: 2)
        );

        var rows = features.Transform(Texts(test));
        var right = test.Where((row, position) => Predicted(model.Probabilities(rows, position)) == row.Label).Count();

        Assert.InRange(100.0 * right / test.Count, 65, 92);
    }

    private static ModelText[] Texts(IEnumerable<(int Label, string Text)> rows) =>
        [.. rows.Select(row => new ModelText(row.Text))];

    private static int Predicted(float[] probabilities) => probabilities[1] > probabilities[0] ? 1 : 0;

    private static List<(int Label, string Text)> Rows(string split) =>
        [
            .. File.ReadLines(Path.Combine(Folder, split + ".tsv"))
                .Skip(1)
                .Select(line => line.Split('\t'))
                .Select(cells => (cells[0] == "positive" ? 1 : 0, cells[1])),
        ];

    private static string[] Unlabelled() => File.ReadAllLines(Path.Combine(Folder, "unlabelled.txt"));

    private static string Folder => Path.Combine(GoldenFolders.RepositoryRoot, "samples", "reviews");

    [GeneratedRegex(@"[\w']+")]
    private static partial Regex Word();
}
