using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Training;

/// <summary>Opens encoders that nothing trains: what they make of texts is kept, and is there for the next step that asks.</summary>
internal static class KeptEncoder
{
    /// <summary>Unlabelled texts for one of train that may be embedded beside it.</summary>
    private const int MostOthers = 4;

    /// <param name="kept">Where vectors of texts are kept; null: nowhere.</param>
    public static IEmbedder Open(
        string folder,
        int maxTokens,
        ComputeOptions compute,
        KeptFiles? kept,
        CancellationToken stop
    ) =>
        kept is null
            ? TransformerEmbedder.Open(folder, maxTokens, compute)
            : new RememberingEmbedder(
                folder,
                maxTokens,
                compute,
                new(key => kept.Find(key, stop), (key, write) => kept.Keep(key, write, stop))
            );

    /// <summary>
    /// For a train split that holds a good part of a dataset's texts, as one that synthesis has labelled: they are embedded among
    /// all texts, as synthesis did it. Few are embedded alone.
    /// </summary>
    public static IEmbedder Share(IEmbedder encoder, StepWork work, DatasetRef dataset, LabelledTexts train)
    {
        if (train.Count < RememberingEmbedder.Few || dataset.Find("unlabelled") is not { Rows: > 0 } unlabelled)
            return encoder;
        if (unlabelled.Rows > MostOthers * train.Count)
            return encoder;
        var others = work.Rows(unlabelled).Select(row => new ModelText(row.Text, row.TextB));
        return new SharingEmbedder(encoder, [.. train.Texts, .. others]);
    }
}
