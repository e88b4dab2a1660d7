using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Augmentation.Labelling;

/// <summary>Writes the new train split, the analysis and the votes. Every other split keeps its reference.</summary>
internal sealed class LabelWriter(StepWork work, DatasetRef parent)
{
    public StepOutput Write(GivenLabels given, IEnumerable<Example> train, LabellingAnalysis analysis)
    {
        SplitRef?[] read = [parent.Find("train"), parent.Find("unlabelled")];
        var cutFrom = read.OfType<SplitRef>().SelectMany(split => (string[])[split.Id, .. split.CutFrom]);
        var split = work.StoreRows("train", train.Concat(given.Rows()), cutFrom);
        return new StepOutput(
            DatasetIdentity.Replacing(parent, split),
            Files: new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                [LabellingAnalysis.File] = work.Store(analysis).Hash,
                [VotedText.File] = work.StoreLines(given.Votes()).Hash,
            }
        );
    }
}
