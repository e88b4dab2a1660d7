using TransferPipeline.Attacks.Importing;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Orchestration.Scenarios;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Standalone.Desks;

namespace TransferPipeline.Standalone.Remote;

/// <summary>Uploads what a scenario names by local paths, and puts the server's names in their place.</summary>
internal sealed class RemoteInputs(IStudyDesk desk, Func<string, CancellationToken, Task<ArtefactRef>> storeFile)
{
    /// <exception cref="BadInputException">Everything that is wrong with the scenario, or what is neither stored nor a path.</exception>
    public async Task<RunRequest> ResolveAsync(RunRequest request, CancellationToken cancellation)
    {
        var inputs = ScenarioInputs.Of(request.Source, request.FileName, request.Overrides);
        var stored = await StoredAsync(cancellation);
        var paths = inputs.Where(input => !IsStored(input, stored)).ToList();
        Check(request, paths);

        var replacements = new Dictionary<string, string>();
        foreach (var (kind, path) in paths)
            if (!replacements.TryAdd(path, await UploadAsync(kind, path, cancellation)))
                throw new BadInputException(
                    $"{request.FileName}: {path} is given both as a {Word(kind)} and as something else; expected a path for each"
                );
        if (replacements.Count == 0)
            return request;
        var resolved = request with
        {
            Source = ScenarioInputs.Replace(request.Source, replacements),
            Overrides = ScenarioInputs.Replace(request.Overrides, replacements),
        };
        var left = ScenarioInputs
            .Of(resolved.Source, resolved.FileName, resolved.Overrides)
            .Where(input => paths.Contains(input))
            .Select(input => $"{request.FileName}: {input.Text} is put together of several values; expected one value")
            .ToList();
        return left.Count == 0 ? resolved : throw new BadInputException(left);
    }

    private async Task<HashSet<(InputKind, string)>> StoredAsync(CancellationToken cancellation)
    {
        var stored = new HashSet<(InputKind, string)>();
        foreach (var dataset in await desk.DatasetsAsync(cancellation))
            stored.UnionWith([(InputKind.Dataset, dataset.Name), (InputKind.Dataset, dataset.Id)]);
        foreach (var model in await desk.ModelsAsync(cancellation))
            stored.UnionWith([(InputKind.Model, model.Name), (InputKind.Model, model.Id)]);
        return stored;
    }

    /// <summary>A pack of words that is no <c>KIND:PATH</c> is one that the server knows by its name.</summary>
    private static bool IsStored((InputKind Kind, string Text) input, HashSet<(InputKind, string)> stored) =>
        input.Kind switch
        {
            InputKind.File => ContentHash.IsOne(input.Text),
            InputKind.Lexicon => LexiconImporter.Given(input.Text) is null,
            _ => stored.Contains(input),
        };

    /// <summary>Before the first upload, so that a misspelt name costs no gigabytes.</summary>
    private static void Check(RunRequest request, IEnumerable<(InputKind Kind, string Text)> paths)
    {
        var missing = paths
            .Where(input => input.Kind != InputKind.Lexicon)
            .Where(input => input.Kind == InputKind.File ? !File.Exists(input.Text) : !Path.Exists(input.Text))
            .Select(input =>
                input.Kind == InputKind.File
                    ? $"{request.FileName}: {input.Text}: there is no such file"
                    : $"{request.FileName}: there is no {Word(input.Kind)} '{input.Text}' on the server, and no such path here"
            )
            .ToList();
        if (missing.Count > 0)
            throw new BadInputException(missing);
    }

    private async Task<string> UploadAsync(InputKind kind, string path, CancellationToken cancellation) =>
        kind switch
        {
            InputKind.Dataset => (
                await desk.IngestAsync(new() { Name = PathInputResolver.NameOf(path), Path = path }, cancellation)
            )
                .Document
                .Id,
            InputKind.Model => (
                await desk.ImportModelAsync(path, PathInputResolver.NameOf(path), source: null, cancellation)
            ).Id,
            InputKind.Lexicon => await UploadLexiconAsync(path, cancellation),
            _ => (await storeFile(path, cancellation)).Hash,
        };

    private async Task<string> UploadLexiconAsync(string text, CancellationToken cancellation)
    {
        var (kind, path) = LexiconImporter.Given(text)!.Value;
        var pack = Path.GetTempFileName();
        try
        {
            await using (var to = File.Create(pack))
                LexiconPack.Import(LexiconKinds.Parse(kind), path, to);
            return (await storeFile(pack, cancellation)).Hash;
        }
        finally
        {
            File.Delete(pack);
        }
    }

    private static string Word(InputKind kind) => kind.ToString().ToLowerInvariant();
}
