using TransferPipeline.Augmentation.Labelling.Functions;
using TransferPipeline.Augmentation.Labelling.Votes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Augmentation.Labelling;

/// <summary>All functions of a step: those of its file, then the columns of votes that none of them is.</summary>
internal sealed class FunctionBook(StepWork work, LabellingSpec spec, IReadOnlyList<string> labels, IModelOpener opener)
{
    /// <exception cref="BadInputException">One cannot be read.</exception>
    public (IReadOnlyList<ILabellingFunction> Functions, IReadOnlyList<string> Notes) Read()
    {
        var (file, votes) = (work.Input("functions"), work.Input("voteFile"));
        var named = file is null ? [] : FunctionFile.ColumnsIn(PathOf(file), NameOf(file));
        var columns = votes is null ? null : VoteColumns.Read(PathOf(votes), NameOf(votes), spec.Votes, named, labels);
        var (model, encoder) = (work.Input("model")?.Model, work.Input("encoder")?.Model);
        var context = new FunctionContext(
            labels,
            new Dictionary<string, IReadOnlySet<string>>(),
            columns,
            model is null ? null : () => opener.OpenClassifier(work.OpenModel(model)),
            encoder is null ? null : () => opener.OpenEncoder(work.OpenModel(encoder), spec.MaxTokens)
        );
        var functions = file is null ? [] : FunctionFile.Read(PathOf(file), NameOf(file), context).ToList();
        if (columns is not null)
            functions.AddRange(Unnamed(columns, named));
        if (functions.GroupBy(one => one.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new BadInputException(
                $"Step {work.Step.Name}: a function and a column of votes are both called '{twice.Key}'; expected different names"
            );
        string[] notes =
            functions.Count < 3 && spec.LabelModel is "triplet" or "matrix-completion"
                ? [$"{spec.LabelModel} tells functions apart by three or more of them; there are {functions.Count}."]
                : [];
        return (functions, notes);
    }

    /// <summary>Refuses votes none of which belong to a row.</summary>
    public static void RefuseStrangers(
        IReadOnlyList<ILabellingFunction> functions,
        IReadOnlyList<Example> rows,
        string dataset
    )
    {
        if (
            functions.OfType<ColumnVotes>().FirstOrDefault() is { } voted
            && voted.Columns.Known(rows.Select(row => row.Id)) == 0
        )
            throw new BadInputException(
                $"voteFile: none of its rows is one of {dataset}, whose first is '{rows[0].Id}'; expected a column id, or the rows of train in their order"
            );
    }

    /// <summary>Columns that vote under their own names: those that the step names, or all where nobody names any.</summary>
    private IEnumerable<ILabellingFunction> Unnamed(VoteColumns columns, IReadOnlyList<string> named) =>
        columns
            .Names.Select((name, column) => (Name: name, Column: column))
            .Where(one => named.Count == 0 || spec.Votes.Contains(one.Name))
            .Select(one => new ColumnVotes(one.Name, null, columns, one.Column));

    private string PathOf(StepInput input) => work.FileOf(input.File!);

    private static string NameOf(StepInput input) => input.GivenAs ?? input.Name;
}
