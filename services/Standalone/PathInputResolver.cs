using System.Globalization;
using TransferPipeline.Attacks.Importing;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Ingestion.Importing;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.Training.Importing;

namespace TransferPipeline.Standalone;

/// <summary>Finds a dataset or model by its name, and imports what is given as a path, before a run is submitted.</summary>
internal sealed class PathInputResolver(
    Catalogue catalogue,
    DatasetImporter datasets,
    ModelImporter models,
    LexiconImporter lexicons,
    IArtefacts artefacts,
    Terminal terminal
) : IInputResolver
{
    private readonly Dictionary<(InputKind, string), ResolvedInput> _resolved = [];

    public async Task<ResolvedInput> ResolveAsync(InputKind kind, string text, CancellationToken cancellation = default)
    {
        if (!_resolved.TryGetValue((kind, text), out var input))
            _resolved[(kind, text)] = input = kind switch
            {
                InputKind.Dataset => await DatasetAsync(text, cancellation),
                InputKind.Model => await ModelAsync(text, cancellation),
                InputKind.Lexicon => await LexiconAsync(text, cancellation),
                InputKind.Attack => throw new BadInputException(
                    $"'{text}' is no attack of this run; expected ${{steps.NAME}} of one"
                ),
                _ => await FileAsync(text, cancellation),
            };
        return input;
    }

    /// <summary>Imports a file or folder under a name, columns guessed, and says what was stored.</summary>
    public async Task<DatasetDocument> ImportDatasetAsync(string path, string name, CancellationToken cancellation)
    {
        var stored = await datasets.ImportAsync(
            new ImportRequest { Name = name, Path = path },
            progress: null,
            cancellation
        );
        if (stored.IsNew)
            DatasetSummary.Show(terminal, stored);
        return stored.Document;
    }

    private async Task<ResolvedInput> DatasetAsync(string text, CancellationToken cancellation)
    {
        var known = await catalogue.DatasetsAsync(cancellation);
        var found = Newest(known, text, entry => (entry.Id, entry.Name, entry.Number));
        if (found is null && Path.Exists(text))
            found = await ImportDatasetAsync(text, NameOf(text), cancellation);
        return found is null
            ? throw new BadInputException(Unknown("dataset", text, known.Select(entry => entry.Id), "transfer ingest"))
            : new ResolvedInput(found.Name, Dataset: found.Dataset);
    }

    private async Task<ResolvedInput> ModelAsync(string text, CancellationToken cancellation)
    {
        var known = await catalogue.ModelsAsync(cancellation);
        var found = Newest(known, text, entry => (entry.Id, entry.Name, entry.Number));
        if (found is null && Path.Exists(text))
            found = await models.ImportAsync(text, NameOf(text), cancellation: cancellation);
        return found is null
            ? throw new BadInputException(
                Unknown("model", text, known.Select(entry => entry.Id), "transfer models import")
            )
            : new ResolvedInput(found.Name, Model: found.Model);
    }

    /// <summary>A stored pack by its name, or <c>KIND:PATH</c>.</summary>
    private async Task<ResolvedInput> LexiconAsync(string text, CancellationToken cancellation)
    {
        var known = await catalogue.LexiconsAsync(cancellation);
        var found = Newest(known, text, entry => (entry.Id, entry.Name, entry.Number));
        if (found is null && LexiconImporter.Given(text) is var (kind, path))
            found = await lexicons.ImportAsync(kind, path, cancellation: cancellation);
        return found is null
            ? throw new BadInputException(
                Unknown("lexicon", text, known.Select(entry => entry.Id), "transfer lexicons import KIND PATH")
            )
            : new ResolvedInput(found.Name, File: found.Pack);
    }

    private async Task<ResolvedInput> FileAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            throw new BadInputException($"{path}: there is no such file");
        var file = await artefacts.StoreAsync(
            async (to, stop) =>
            {
                await using var from = File.OpenRead(path);
                await from.CopyToAsync(to, stop);
            },
            cancellation
        );
        return new ResolvedInput(Path.GetFileName(path), File: file);
    }

    /// <summary>What has this id, or the newest of this name; null where there is none.</summary>
    public static T? Newest<T>(IEnumerable<T> known, string text, Func<T, (string Id, string Name, int Number)> names)
        where T : class =>
        known.Where(entry => names(entry).Id == text || names(entry).Name == text).MaxBy(entry => names(entry).Number);

    public static string NameOf(string path) =>
        Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    private static string Unknown(string what, string text, IEnumerable<string> known, string command)
    {
        var names = string.Join(", ", known);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"there is no {what} '{text}', and no such path; stored are: {(names.Length == 0 ? "none" : names)} ('{command}' stores one)"
        );
    }
}
