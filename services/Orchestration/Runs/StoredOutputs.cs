using System.Collections.Concurrent;
using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Storage.Artefacts;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>Follows the artefacts that outputs, datasets and models consist of.</summary>
internal sealed class StoredOutputs(IArtefacts artefacts)
{
    private readonly ConcurrentDictionary<string, bool> _verified = new();

    /// <summary>Whether every artefact of an output exists and matches its hash; each is read once per process.</summary>
    public async Task<bool> VerifyAsync(StepOutput output, CancellationToken cancellation)
    {
        foreach (var hash in Of(output))
            if (!await VerifyAsync(hash, cancellation))
                return false;
        foreach (var hash in await MentionedAsync(output, cancellation))
            if (!await VerifyAsync(hash, cancellation))
                return false;
        return true;
    }

    public static IEnumerable<string> Of(StepOutput output) =>
        [
            .. output.Dataset is null ? [] : Of(output.Dataset),
            .. output.Model is null ? [] : Of(output.Model),
            .. output.Rows is null ? (IEnumerable<string>)[] : [output.Rows.Hash],
            .. output.Files?.Values ?? [],
        ];

    public static IEnumerable<string> Of(DatasetRef dataset) =>
        [
            .. dataset.Splits.Select(split => split.Content.Hash),
            .. dataset.HiddenLabels is null ? (IEnumerable<string>)[] : [dataset.HiddenLabels.Hash],
            .. dataset.Findings is null ? (IEnumerable<string>)[] : [dataset.Findings.Hash],
        ];

    public static IEnumerable<string> Of(ModelRef model) => [.. model.Files.Values, model.Card.Hash];

    /// <summary>The predictions that an output's rows point to.</summary>
    public async Task<IEnumerable<string>> MentionedAsync(StepOutput output, CancellationToken cancellation) =>
        output.Rows is null
            ? []
            : (await ReadAsync<List<ModelScores>>(output.Rows, cancellation))?.Select(row => row.Predictions) ?? [];

    /// <summary>The rows that a model's card says it was trained and selected on.</summary>
    public async Task<IEnumerable<string>> AncestryAsync(ModelRef model, CancellationToken cancellation) =>
        (await ReadAsync<ModelCard>(model.Card, cancellation))?.Ancestry.Select(use => use.Split.Content.Hash) ?? [];

    private async Task<bool> VerifyAsync(string hash, CancellationToken cancellation) =>
        _verified.ContainsKey(hash)
        || (await artefacts.VerifyAsync(new ArtefactRef(hash), cancellation) && _verified.TryAdd(hash, true) | true);

    private async Task<T?> ReadAsync<T>(ArtefactRef artefact, CancellationToken cancellation)
    {
        try
        {
            await using var file = File.OpenRead(await artefacts.GetFileAsync(artefact, cancellation));
            return await JsonSerializer.DeserializeAsync<T>(file, WireFormat.Options, cancellation);
        }
        catch (MissingArtefactException)
        {
            return default;
        }
    }
}
