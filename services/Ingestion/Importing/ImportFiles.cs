using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Datasets.Formats;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>Which files an import reads, and the split that each holds.</summary>
public static class ImportFiles
{
    /// <summary>The files of a request; of a folder, those whose names end in a split's name.</summary>
    /// <param name="notes">Takes what a person should know: files left out.</param>
    public static IReadOnlyList<SplitFile> Of(ImportRequest request, ICollection<string> notes) =>
        [.. Positions(request, notes).Select(file => new SplitFile(DatasetIdentity.SplitNames[file.Split], file.Path))];

    private static List<(int Split, string Path)> Positions(ImportRequest request, ICollection<string> notes)
    {
        var given = request.Splits.Select(file => (SplitNames.Named(file.Split, "--split"), file.Path)).ToList();
        if (request.Path is null)
            return given.Count > 0 ? given : throw new BadInputException("a path or --split NAME=PATH is needed");
        if (!Directory.Exists(request.Path))
            return given.Any(file => file.Item1 == 0)
                ? throw new BadInputException(
                    $"{request.Path}: is taken as train, and --split names another train file"
                )
                : [(0, request.Path), .. given];
        return
        [
            .. InFolder(request.Path, notes).Where(file => given.All(other => other.Item1 != file.Split)),
            .. given,
        ];
    }

    private static List<(int Split, string Path)> InFolder(string folder, ICollection<string> notes)
    {
        var all = Directory
            .EnumerateFiles(folder)
            .Where(path => !Path.GetFileName(path).StartsWith('.'))
            .Order(StringComparer.Ordinal)
            .ToList();
        var named = all.Select(path => (Split: SplitNames.OfFile(path), Path: path))
            .Where(file => file.Split >= 0)
            .ToList();
        if (named.Count == 0)
            return all.Count == 1
                ? [(0, all[0])]
                : throw FileFault.In(
                    folder,
                    $"no file name ends in {string.Join(", ", DatasetIdentity.SplitNames)}; name the files with --split NAME=PATH"
                );
        foreach (var same in named.GroupBy(file => file.Split).Where(same => same.Count() > 1))
            if (!same.All(file => file.Path.Contains("-of-", StringComparison.Ordinal)))
                throw FileFault.In(
                    folder,
                    $"{string.Join(" and ", same.Select(file => Path.GetFileName(file.Path)))} both say {DatasetIdentity.SplitNames[same.Key]}; name the files with --split NAME=PATH"
                );
        foreach (var path in all.Except(named.Select(file => file.Path)))
            notes.Add($"{Path.GetFileName(path)}: left out, its name ends in no split's name");
        return named;
    }
}
