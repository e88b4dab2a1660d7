using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>Votes or labels on texts whose label a sample hid, and how many of them are right.</summary>
internal readonly record struct RightVotes(long Votes, long Right)
{
    public double? Accuracy => Votes == 0 ? null : (double)Right / Votes;

    public RightVotes With(string vote, string truth) => new(Votes + 1, Right + (vote == truth ? 1 : 0));
}

/// <summary>What one <c>label</c> step found, its votes and labels held against those that a sample hid.</summary>
/// <param name="Functions">In the order of the analysis.</param>
/// <param name="Given">The most probable label of each text that was given one.</param>
internal sealed record ScoredLabelling(
    string Step,
    MatrixCell Cell,
    LabellingAnalysis Analysis,
    IReadOnlyList<RightVotes> Functions,
    RightVotes Given
);

/// <summary>Gathers what a run's <c>label</c> steps found. Only here, where nothing is trained any more, are hidden labels read.</summary>
internal static class LabellingReader
{
    public static IReadOnlyList<ScoredLabelling> Read(IEnumerable<StepDocument> steps, StepWork work) =>
        [
            .. from step in steps
            where step.Uses == StepKinds.Label.Uses
            let files = step.Output?.Files
            where files is not null && files.ContainsKey(LabellingAnalysis.File)
            select Read(step, files, work),
        ];

    private static ScoredLabelling Read(StepDocument step, IReadOnlyDictionary<string, string> files, StepWork work)
    {
        var analysis = work.Read<LabellingAnalysis>(new ArtefactRef(files[LabellingAnalysis.File]));
        var functions = new RightVotes[analysis.Functions.Count];
        var given = new RightVotes();
        if (step.Output!.Dataset!.HiddenLabels is { } hidden)
        {
            var truth = HiddenLabel.ReadById(work.FileOf(hidden));
            foreach (var text in WireFormat.ReadLines<VotedText>(work.FileOf(new ArtefactRef(files[VotedText.File]))))
            {
                if (!truth.TryGetValue(text.Id, out var label))
                    continue;
                for (var function = 0; function < functions.Length; function++)
                    if (text.Votes[function].Length > 0)
                        functions[function] = functions[function].With(text.Votes[function], label);
                if (text.Given is { } one)
                    given = given.With(one, label);
            }
        }
        return new ScoredLabelling(step.Name, new MatrixCell(step.Cell), analysis, functions, given);
    }
}
