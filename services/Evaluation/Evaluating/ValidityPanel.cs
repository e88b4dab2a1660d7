using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Significance;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Constraints;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>Judges whether successful texts of attacks still say what they said before.</summary>
/// <param name="known">Words of the dataset's texts, in lower case.</param>
internal sealed class ValidityPanel(
    IReadOnlySet<string> known,
    WordNet? wordNet,
    IEmbedder? encoder,
    LanguageReader? language,
    EvaluationSpec spec
) : IDisposable
{
    /// <summary>With what the step was given: an encoder, a language model and WordNet, each if there is one.</summary>
    public static ValidityPanel Open(StepWork work, SplitChoice choice, IClassifierOpener opener, EvaluationSpec spec)
    {
        string? Folder(string name) => work.Input(name) is not null ? work.OpenModel(work.Model(name)) : null;
        var words = choice
            .Dataset.Splits.SelectMany(split => work.Rows(split))
            .SelectMany(row => PerturbedText.Of(row.Text, row.TextB).Words)
            .Select(word => word.Word.ToLowerInvariant());
        return new(
            words.ToHashSet(),
            LexiconSet
                .Open(work.Inputs("lexicons").Select(input => work.FileOf(input.File!)))
                .Find<WordNet>(LexiconKind.WordNet),
            Folder("encoder") is { } encoder ? opener.OpenEmbedder(encoder) : null,
            Folder("language") is { } language ? opener.OpenLanguageModel(language) : null,
            spec
        );
    }

    /// <summary>Null where no text was successful.</summary>
    public ValidityScores? Of(IReadOnlyList<AttackedText> log, CancellationToken stop)
    {
        Pair[] pairs = [.. log.Where(one => one.Outcome is AttackOutcome.Successful).Select(one => new Pair(one))];
        if (pairs.Length == 0)
            return null;
        return new(
            pairs.Length,
            Mean(pairs.Select(pair => (double)EditDistance.Of(pair.Before.Text, pair.After.Text)))!,
            Mean(pairs.Select(Unknown).OfType<double>()),
            AttackScoring.Share(pairs.Count(Repeats), pairs.Length)!,
            wordNet is null ? null : AttackScoring.Share(pairs.Count(HasOpposite), pairs.Length),
            encoder is null ? null : Mean(Cosines(pairs, stop)),
            Perplexity([.. pairs.Select(pair => pair.Before.Model)], stop),
            Perplexity([.. pairs.Select(pair => pair.After.Model)], stop)
        );
    }

    public void Dispose()
    {
        encoder?.Dispose();
        language?.Dispose();
    }

    /// <summary>Null where words only went.</summary>
    private double? Unknown(Pair pair)
    {
        string[] words =
        [
            .. WordDifference
                .Of(pair.Before.Text, pair.After.Text)
                .Where(stretch => stretch.Kind is StretchKind.After)
                .SelectMany(stretch => WordSplitter.Split(stretch.Text))
                .Select(word => word.Word.ToLowerInvariant()),
        ];
        return words.Length == 0
            ? null
            : (double)words.Count(word => !known.Contains(word) && wordNet?.Senses(word).Any() != true) / words.Length;
    }

    private static bool Repeats(Pair pair) => Repetitions(pair.After) > Repetitions(pair.Before);

    private static int Repetitions(PerturbedText text) =>
        text
            .Words.Zip(text.Words.Skip(1))
            .Count(two => two.First.Word.Equals(two.Second.Word, StringComparison.OrdinalIgnoreCase));

    private bool HasOpposite(Pair pair) =>
        pair.Before.Words.Count == pair.After.Words.Count
        && pair.Before.Words.Zip(pair.After.Words)
            .Any(two => two.First.Word != two.Second.Word && wordNet!.AreOpposite(two.First.Word, two.Second.Word));

    private IEnumerable<double> Cosines(Pair[] pairs, CancellationToken stop)
    {
        var before = encoder!.Embed([.. pairs.Select(pair => pair.Before.Model)], stop);
        var after = encoder.Embed([.. pairs.Select(pair => pair.After.Model)], stop);
        return before.Zip(after, (one, other) => one.Zip(other, (a, b) => (double)a * b).Sum());
    }

    private MetricValue? Perplexity(ModelText[] texts, CancellationToken stop)
    {
        if (language is null)
            return null;
        var read = language.Read(texts, stop);
        var figures = Bootstrap.Draws(texts.Length, spec.Resamples, spec.Seed).Select(Of).ToList();
        var interval = Bootstrap.Percentiles(figures);
        return new(Of([.. texts.Select(_ => 1)]), interval?.Low, interval?.High);

        double Of(int[] counts) =>
            Math.Exp(
                read.Zip(counts, (text, count) => text.Loss * count).Sum()
                    / read.Zip(counts, (text, count) => text.Tokens * count).Sum()
            );
    }

    private MetricValue? Mean(IEnumerable<double> values) => AttackScoring.Mean([.. values], spec);

    private sealed class Pair(AttackedText one)
    {
        public PerturbedText Before { get; } = PerturbedText.Of(one.Text, one.TextB);
        public PerturbedText After { get; } = PerturbedText.Of(one.Perturbed, one.PerturbedB);
    }
}
