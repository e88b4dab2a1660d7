using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>Resolves names of stored datasets, models and packs of words: <c>name</c> for the newest, <c>name@2</c> for that one.</summary>
public sealed class CatalogueInputs(
    IDocuments<DatasetDocument> datasets,
    IDocuments<ModelDocument> models,
    IDocuments<LexiconDocument>? lexicons = null
) : IInputResolver
{
    // More would fill the screen; the newest are what somebody who mistyped a name is looking for.
    private const int Listed = 20;

    public async Task<ResolvedInput> ResolveAsync(InputKind kind, string text, CancellationToken cancellation = default)
    {
        var at = text.LastIndexOf('@');
        var (name, number) =
            at > 0 && int.TryParse(text.AsSpan(at + 1), out var given) ? (text[..at], given) : (text, (int?)null);
        switch (kind)
        {
            case InputKind.Dataset:
                DatasetDocument? dataset = null;
                await foreach (var found in datasets.FindAsync(cancellation, ("name", name)))
                    if (number is null ? found.Number > (dataset?.Number ?? 0) : found.Number == number)
                        dataset = found;
                return dataset is not null
                    ? new ResolvedInput(dataset.Name, Dataset: dataset.Dataset)
                    : throw await UnknownAsync(
                        datasets,
                        found => (found.Name, found.Stored),
                        "dataset",
                        text,
                        cancellation
                    );

            case InputKind.Model:
                ModelDocument? model = null;
                await foreach (var found in models.FindAsync(cancellation, ("name", name)))
                    if (number is null ? found.Number > (model?.Number ?? 0) : found.Number == number)
                        model = found;
                return model is not null
                    ? new ResolvedInput(model.Name, Model: model.Model)
                    : throw await UnknownAsync(
                        models,
                        found => (found.Name, found.Stored),
                        "model",
                        text,
                        cancellation
                    );

            case InputKind.Lexicon when lexicons is not null:
                LexiconDocument? lexicon = null;
                await foreach (var found in lexicons.FindAsync(cancellation, ("name", name)))
                    if (number is null ? found.Number > (lexicon?.Number ?? 0) : found.Number == number)
                        lexicon = found;
                return lexicon is not null
                    ? new ResolvedInput(lexicon.Name, File: lexicon.Pack)
                    : throw await UnknownAsync(
                        lexicons,
                        found => (found.Name, found.Stored),
                        "lexicon",
                        text,
                        cancellation
                    );

            case InputKind.Attack:
                throw new BadInputException($"'{text}' is no attack of this run; expected ${{steps.NAME}} of one");

            default:
                throw new BadInputException($"no file '{text}' came with the run; expected its content");
        }
    }

    private static async Task<BadInputException> UnknownAsync<T>(
        IDocuments<T> documents,
        Func<T, (string Name, DateTimeOffset Stored)> describe,
        string what,
        string text,
        CancellationToken cancellation
    )
        where T : class, IDocument<T>
    {
        var known = new List<(string Name, DateTimeOffset Stored)>();
        await foreach (var document in documents.FindAsync(cancellation))
            known.Add(describe(document));
        var names = known.OrderByDescending(one => one.Stored).Select(one => one.Name).Distinct().ToList();
        var listed = string.Join(", ", names.Take(Listed)) + (names.Count > Listed ? ", …" : "");
        return new BadInputException(
            $"no {what} '{text}' is stored; "
                + (names.Count == 0 ? $"there are no {what}s yet" : $"expected one of {listed}")
        );
    }
}
