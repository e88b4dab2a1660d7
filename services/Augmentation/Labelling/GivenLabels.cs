using TransferPipeline.Augmentation.Labelling.Models;
using TransferPipeline.Augmentation.Labelling.Votes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;

namespace TransferPipeline.Augmentation.Labelling;

/// <summary>The labels that a model's probabilities give to texts, as rows of train and as a record of the votes.</summary>
/// <param name="first">The row of the table where the texts begin.</param>
internal sealed class GivenLabels(
    LabellingSpec spec,
    VoteTable table,
    VotePatterns patterns,
    LearnedLabels learned,
    IReadOnlyList<Example> texts,
    int first
)
{
    /// <summary>A row that weighs less changes nothing that a float can tell.</summary>
    private const double LeastWeight = 1e-4;

    /// <summary>Texts that get a label.</summary>
    public long Count { get; } =
        Enumerable.Range(0, texts.Count).Count(text => Given(spec, patterns, learned, first + text));

    public IEnumerable<string> Notes
    {
        get
        {
            var labels = Enumerable
                .Range(0, texts.Count)
                .Where(text => Given(spec, patterns, learned, first + text))
                .Select(text => BestOf(first + text))
                .ToHashSet();
            if (labels.Count == 0)
                yield return "No text was given a label.";
            else
                foreach (var label in table.Labels.Where((_, number) => !labels.Contains(number)))
                    yield return $"No text was given the label {label}.";
        }
    }

    /// <summary>Rows of train, in the order of the texts; of soft labels several for one text, side by side.</summary>
    public IEnumerable<Example> Rows()
    {
        for (var text = 0; text < texts.Count; text++)
        {
            if (!Given(spec, patterns, learned, first + text))
                continue;
            var pattern = patterns.OfRow[first + text];
            var best = learned.Best(pattern, patterns[pattern]);
            for (var label = 0; label < table.Labels.Count; label++)
            {
                var weight =
                    spec.Labels == "soft" ? learned.Of(pattern)[label]
                    : label == best ? 1
                    : 0;
                if (weight >= LeastWeight)
                    yield return texts[text] with
                    {
                        Id = $"{texts[text].Id}~{table.Labels[label]}",
                        Label = table.Labels[label],
                        Weight = (float)weight,
                        Origin = ExampleOrigin.Augmented,
                        Source = texts[text].Id,
                    };
            }
        }
    }

    /// <summary>What was said of each text.</summary>
    public IEnumerable<VotedText> Votes()
    {
        for (var text = 0; text < texts.Count; text++)
        {
            var row = first + text;
            var votes = new string[table.Functions.Count];
            for (var function = 0; function < votes.Length; function++)
                votes[function] = table[row, function] is >= 0 and var vote ? table.Labels[vote] : "";
            var given = Given(spec, patterns, learned, row) ? table.Labels[BestOf(row)] : null;
            yield return new VotedText(texts[text].Id, votes, given);
        }
    }

    private int BestOf(int row) => learned.Best(patterns.OfRow[row], table.Row(row));

    private static bool Given(LabellingSpec spec, VotePatterns patterns, LearnedLabels learned, int row)
    {
        var pattern = patterns.OfRow[row];
        return patterns.IsCovered(pattern)
            && learned.Of(pattern)[learned.Best(pattern, patterns[pattern])] >= spec.MinProbability;
    }
}
