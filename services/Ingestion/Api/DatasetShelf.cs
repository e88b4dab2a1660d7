using System.Globalization;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Ingestion.Api;

/// <summary>Shows stored datasets and their rows.</summary>
internal sealed class DatasetShelf(IDocuments<DatasetDocument> datasets, IArtefacts artefacts)
{
    private const int MostExamples = 200;

    /// <summary>By name, oldest content first.</summary>
    public async Task<IReadOnlyList<DatasetDocument>> ListAsync(CancellationToken cancellation) =>
        [
            .. (await datasets.FindAsync(cancellation).ToListAsync(cancellation))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .ThenBy(entry => entry.Number),
        ];

    /// <summary>The dataset of that id, or the newest of that name.</summary>
    public async Task<DatasetDocument> GetAsync(string id, CancellationToken cancellation)
    {
        var found = id.Contains('@')
            ? await datasets.GetAsync(id, cancellation)
            : (await datasets.FindAsync(cancellation, ("name", id)).ToListAsync(cancellation)).MaxBy(entry =>
                entry.Number
            );
        return found ?? throw ApiProblemException.NotFound($"There is no dataset '{id}'.");
    }

    /// <summary>A page of a split; labels that a sample took away are not in its rows.</summary>
    /// <param name="split">Null: the first.</param>
    public async Task<ExamplePage> ExamplesAsync(
        string id,
        string? split,
        string? page,
        string? size,
        CancellationToken cancellation
    )
    {
        var dataset = (await GetAsync(id, cancellation)).Dataset;
        var found = split is null ? dataset.Splits[0] : dataset.Find(split);
        if (found is null)
            throw ApiProblemException.NotFound(
                $"{id} has no split '{split}'; expected {string.Join(", ", dataset.Splits.Select(one => one.Name))}."
            );
        var (number, length) = (Count("page", page, 1, int.MaxValue), Count("size", size, 20, MostExamples));
        var first = (number - 1L) * length;
        var file = await artefacts.GetFileAsync(found.Content, cancellation);
        var examples =
            first >= found.Rows
                ? []
                : await Task.Run(() => SplitReader.Read(file, first).Take(length).ToList(), cancellation);
        return new ExamplePage(found.Name, number, length, found.Rows, examples);
    }

    private static int Count(string name, string? text, int otherwise, int most) =>
        text is null ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count >= 1
        && count <= most
            ? count
        : throw ApiProblemException.BadInput($"{name} is '{text}'; expected a number from 1 to {most}.");
}
