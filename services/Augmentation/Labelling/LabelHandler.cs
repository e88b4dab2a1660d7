using TransferPipeline.Augmentation.Labelling.Functions;
using TransferPipeline.Augmentation.Labelling.Models;
using TransferPipeline.Augmentation.Labelling.Votes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Augmentation.Labelling;

/// <summary>Lets functions vote on train and unlabelled text, and writes the labels that a label model makes of it.</summary>
internal sealed class LabelHandler(IEnumerable<ILabelModel> models, IModelOpener opener) : IStepHandler
{
    public StepKind Kind => StepKinds.Label;

    public StepOutput Handle(StepWork work)
    {
        var spec = work.Spec<LabellingSpec>();
        var parent = work.Dataset();
        Check(parent);
        var balance = ClassBalance.Read(spec.ClassBalance, parent.Labels);
        var model = models.Single(candidate => candidate.Name == spec.LabelModel);
        var (functions, notes) = new FunctionBook(work, spec, parent.Labels, opener).Read();

        Example[] train = [.. work.Rows(parent.Find("train"))];
        Example[] texts = [.. work.Rows(parent.Find("unlabelled"))];
        Example[] rows = [.. train, .. texts];
        FunctionBook.RefuseStrangers(functions, rows, parent.Name);
        var table = new VoteTable([.. functions.Select(function => function.Name)], parent.Labels, rows.Length);
        for (var function = 0; function < functions.Count; function++)
        {
            work.Progress.Report(new(0.8 * function / functions.Count, $"{functions[function].Name} votes"));
            var votes = functions[function].Vote(rows, work.Stop);
            for (var row = 0; row < rows.Length; row++)
                table[row, function] = votes[row];
        }

        work.Progress.Report(new(0.8, $"{model.Name} over {rows.Length} rows"));
        var patterns = new VotePatterns(table);
        var learned = model.Fit(patterns, new(balance, [.. functions.Select(one => one.Weight)]), work.Stop);
        var given = new GivenLabels(spec, table, patterns, learned, texts, first: train.Length);
        return new LabelWriter(work, parent).Write(given, train, Analysis(given));

        LabellingAnalysis Analysis(GivenLabels labels)
        {
            var numbers = table.Labels.Select((label, number) => (label, number)).ToDictionary();
            var truth = rows.Select(row => numbers.GetValueOrDefault(row.Label ?? "", -1)).ToArray();
            var counted = VoteCounts.Of(table, patterns, truth, learned.Accuracies);
            var covered = Enumerable.Range(0, patterns.Count).Where(patterns.IsCovered).Sum(patterns.Weight);
            return new LabellingAnalysis(
                model.Name,
                table.Labels,
                rows.Length,
                (long)covered,
                labels.Count,
                texts.Length,
                learned.Balance,
                counted,
                [.. notes, .. Notes(model, counted, table.Labels.Count), .. labels.Notes]
            );
        }
    }

    /// <summary>What a reader must know of the functions.</summary>
    private static IEnumerable<string> Notes(ILabelModel model, IReadOnlyList<FunctionAnalysis> functions, int labels)
    {
        foreach (var silent in functions.Where(one => one.Coverage == 0))
            yield return $"Function {silent.Name} never voted.";
        string[] doubted = [.. functions.Where(one => one.LearnedAccuracy < 1.0 / labels).Select(one => one.Name)];
        if (doubted.Length > 0)
            yield return $"{model.Name} holds {string.Join(", ", doubted)} to be right less often than a guess; where functions copy "
                + "one another it sides with the copies, so look at majority beside it.";
    }

    private static void Check(DatasetRef parent)
    {
        if (parent.Task is not (TaskType.Classification or TaskType.PairClassification))
            throw new BadInputException(
                $"dataset: '{parent.Name}' is for {parent.Task}; expected a classification dataset, whose labels functions can vote for"
            );
        if (parent.Find("unlabelled") is not { Rows: > 0 })
            throw new BadInputException(
                $"dataset: '{parent.Name}' has no unlabelled split to label; a sample step makes one (perClass: 0 hides every label)"
            );
        if (parent.Labels.Count is < 2 or > FunctionContext.MostLabels)
            throw new BadInputException(
                $"dataset: '{parent.Name}' has {parent.Labels.Count} labels; expected 2 to {FunctionContext.MostLabels}"
            );
    }
}
