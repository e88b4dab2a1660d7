using System.Text.Json;

namespace TransferPipeline.Contracts;

/// <summary>Where a model came from and what it has seen.</summary>
/// <param name="Root">The root checkpoint's name or the baseline's algorithm: <c>model</c> in a report row.</param>
/// <param name="Strategy">How it was trained: <c>none</c>, <c>frozen</c>, …</param>
/// <param name="Seed">The seed that made it; null where no randomness was used.</param>
/// <param name="SelectedOn">The split that chose its weights or settings (<c>dev</c>), or <c>none</c>.</param>
/// <param name="LabelsTrain">Labels its training read.</param>
/// <param name="LabelsDev">Labels its selection read.</param>
/// <param name="Updates">Optimiser updates of its last training; 0 for baselines.</param>
/// <param name="Seconds">Time of its last training, in seconds.</param>
/// <param name="Labels">Label names in output order; empty for an encoder.</param>
/// <param name="Ancestry">Every split that it or a model it started from read.</param>
/// <param name="Environment">Threads, processor, library versions, precision, device: recorded, no part of a key.</param>
/// <param name="Scores">Scores on the selection split, if any.</param>
/// <param name="Notes">What a reader must know: tensors that started new, a preset's fewer updates …</param>
/// <param name="PeakMemory">
/// The most memory that the process took for its training, in bytes; null where nobody looked.
/// </param>
/// <param name="Selection">Among which models a <c>select</c> chose it; null where none did.</param>
public sealed record ModelCard(
    string Root,
    string Strategy,
    long? Seed,
    string SelectedOn,
    long LabelsTrain,
    long LabelsDev,
    long Updates,
    double Seconds,
    IReadOnlyList<string> Labels,
    IReadOnlyList<SplitUse> Ancestry,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyDictionary<string, double> Scores,
    IReadOnlyList<string> Notes,
    ModelSelection? Selection = null,
    long? PeakMemory = null
)
{
    /// <summary>
    /// Where an imported model was fetched from, as in <c>https://huggingface.co/bert-base-uncased@COMMIT</c>; null where it
    /// was not. Recorded, no part of a key: the same files are the same model.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>
    /// Hash of all that the card says apart from its source, and from times, memory and environment, which differ between two
    /// computations of the same step.
    /// </summary>
    public string Provenance()
    {
        var card = JsonSerializer.SerializeToNode(this, WireFormat.Options)!.AsObject();
        card.Remove(JsonNamingPolicy.CamelCase.ConvertName(nameof(Seconds)));
        card.Remove(JsonNamingPolicy.CamelCase.ConvertName(nameof(PeakMemory)));
        card.Remove(JsonNamingPolicy.CamelCase.ConvertName(nameof(Environment)));
        card.Remove(JsonNamingPolicy.CamelCase.ConvertName(nameof(Source)));
        return ContentHash.Of(WireFormat.Canonical(card));
    }
}

/// <summary>A split that a model's training read, and what for.</summary>
/// <param name="Purpose"><c>training</c> or <c>selection</c>.</param>
public sealed record SplitUse(string Dataset, SplitRef Split, string Purpose);
