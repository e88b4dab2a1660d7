using System.Text.Json;
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
        SplitSummary? summary = null;
        var content = Store(
            async (to, stop) => summary = await SplitWriter.WriteAsync(to, train.Concat(given.Rows()), stop)
        );
        SplitRef?[] read = [parent.Find("train"), parent.Find("unlabelled")];
        var cutFrom = read.OfType<SplitRef>().SelectMany(split => (string[])[split.Id, .. split.CutFrom]).Distinct();
        var split = DatasetIdentity.Split("train", summary!, content, [.. cutFrom]);
        return new StepOutput(
            DatasetIdentity.Dataset(
                parent.Name,
                parent.Task,
                parent.Labels,
                parent.Splits.Where(other => other.Name != "train").Append(split),
                parent.HiddenLabels
            ),
            Files: new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                [LabellingAnalysis.File] = work.Store(analysis).Hash,
                [VotedText.File] = Store((to, stop) => WriteVotesAsync(to, given.Votes(), stop)).Hash,
            }
        );
    }

    private static async Task WriteVotesAsync(Stream to, IEnumerable<VotedText> votes, CancellationToken stop)
    {
        var buffer = new BufferedStream(to, 64 * 1024);
        foreach (var text in votes)
        {
            JsonSerializer.Serialize(buffer, text, WireFormat.Options);
            buffer.WriteByte((byte)'\n');
            stop.ThrowIfCancellationRequested();
        }
        await buffer.FlushAsync(stop);
    }

    private ArtefactRef Store(Func<Stream, CancellationToken, Task> write) =>
        work.Artefacts.StoreAsync(write, work.Stop).GetAwaiter().GetResult();
}
