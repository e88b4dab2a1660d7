using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Perturbation.Lexicons;

namespace TransferPipeline.Augmentation.Rewriting;

/// <summary>Adds edited copies of the labelled train rows; reads no other split.</summary>
internal sealed class RewriteHandler(IModelOpener opener) : IStepHandler
{
    private const int Shown = 10;

    public StepKind Kind => StepKinds.Rewrite;

    public StepOutput Handle(StepWork work)
    {
        var spec = work.Spec<RewritingSpec>();
        var parent = work.Dataset();
        if (parent.Task is not (TaskType.Classification or TaskType.PairClassification or TaskType.Regression))
            throw new BadInputException(
                $"dataset: '{parent.Name}' is for {parent.Task}; expected classification or regression, whose labels belong to whole texts"
            );
        if (parent.Find("train") is not { Labelled: > 0 } train)
            throw new BadInputException($"dataset: '{parent.Name}' has no labelled train split to rewrite");

        Example[] rows = [.. work.Rows(train)];
        using var rewriting = Rewriting(spec, rows, work);
        var copies = Copies(spec, rows, rewriting, work).ToList();
        var split = work.StoreRows("train", rows.Concat(copies), [train.Id, .. train.CutFrom]);
        return new StepOutput(
            DatasetIdentity.Replacing(parent, split),
            Files: new SortedDictionary<string, string>
            {
                [RewrittenTexts.File] = work.Store(Record(spec, rows, copies)).Hash,
            }
        );
    }

    private IRewriting Rewriting(RewritingSpec spec, Example[] rows, StepWork work)
    {
        if (spec.Method == "masked-model")
            return new MaskedRewriting(opener.OpenMasked(work.OpenModel(work.Model())), rows.SelectMany(Texts));
        var packs = work.Inputs("lexicons").Select(input => Pack(input, work));
        return WordRewriting.Of(spec.Method, new LexiconSet(packs));
    }

    private static ILexicon Pack(StepInput input, StepWork work)
    {
        using var file = File.OpenRead(work.FileOf(input.File!));
        return LexiconPack.Open(file, input.GivenAs ?? input.Name);
    }

    private static IEnumerable<Example> Copies(RewritingSpec spec, Example[] rows, IRewriting rewriting, StepWork work)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            work.Stop.ThrowIfCancellationRequested();
            if (rows[row].Label is null)
                continue;
            // Of its own for each row, so that one more row changes no other.
            var random = new SeededRandom(spec.Seed, $"rewrite {rows[row].Id}");
            var first = rewriting.Copies(rows[row].Text, spec.Copies, spec.Rate, random);
            var second = rows[row].TextB is { } textB ? rewriting.Copies(textB, spec.Copies, spec.Rate, random) : null;
            for (var copy = 0; copy < spec.Copies; copy++)
                if (
                    first[copy].AsSpan().Trim().Length > 0
                    && (first[copy] != rows[row].Text || second?[copy] != rows[row].TextB)
                )
                    yield return rows[row] with
                    {
                        Id = $"{rows[row].Id}~{spec.Method}-{copy}",
                        Text = first[copy],
                        TextB = second?[copy],
                        Weight = rows[row].Weight * (float)spec.Weight,
                        Origin = ExampleOrigin.Augmented,
                        Source = rows[row].Id,
                    };
            if (row % 256 == 0)
                work.Progress.Report(new((double)row / rows.Length, $"{row} of {rows.Length} rows rewritten"));
        }
    }

    private static RewrittenTexts Record(RewritingSpec spec, Example[] rows, List<Example> copies)
    {
        var texts = rows.DistinctBy(row => row.Id).ToDictionary(row => row.Id, row => row.Text);
        var labelled = rows.Count(row => row.Label is not null);
        return new(
            spec.Method,
            labelled,
            copies.Count,
            (long)labelled * spec.Copies - copies.Count,
            [.. copies.Take(Shown).Select(copy => new RewrittenText(texts[copy.Source!], copy.Text))]
        );
    }

    private static IEnumerable<string> Texts(Example row) => row.TextB is null ? [row.Text] : [row.Text, row.TextB];
}
