using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Datasets.Formats;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>A file of an import: what it is and what its columns are for.</summary>
/// <param name="Split">The split all its rows belong to, unless a column or a cut says otherwise.</param>
internal sealed record ImportSource(
    string Path,
    int Split,
    IDatasetFormat Format,
    TextEncoding Encoding,
    ColumnRoles Roles
)
{
    public IRecordReader Open()
    {
        var reader = Format.Open(Path, new ReadingOptions(Encoding, Roles.Header));
        reader.Choose(Roles.InUse);
        return reader;
    }

    /// <summary>The files of a request, in the order of the splits.</summary>
    public static IReadOnlyList<ImportSource> Of(ImportRequest request, List<string> notes)
    {
        var files = Files(request, notes).OrderBy(file => file.Split).ToList();
        var columns = request.Columns;
        if (request.Task is TaskType.Classification or TaskType.Text)
            columns = columns with { TextB = columns.TextB ?? "none" };
        if (request.Task is TaskType.Text)
            columns = columns with { Label = columns.Label ?? "none" };
        return [.. files.Select(file => Open(file.Path, file.Split, files[0].Split == file.Split, columns))];

        ImportSource Open(string path, int split, bool first, NamedColumns named)
        {
            var format = DatasetFormats.Of(path, request.Format);
            if (format.Task is { } only)
            {
                if (request.Task is { } asked && asked != only)
                    throw FileFault.In(
                        path,
                        $"is {format.Name}, which is for {DatasetImporter.NameOf(only)}; --task {DatasetImporter.NameOf(asked)} was given"
                    );
                named = request.Columns;
            }
            var roles = ColumnGuess.Of(path, format, request.Encoding, named, needsLabel: first);
            if (roles.Guesses.Count > 0)
                notes.Add($"{System.IO.Path.GetFileName(path)} ({format.Name}): {string.Join(", ", roles.Guesses)}");
            return new ImportSource(path, split, format, request.Encoding, roles);
        }
    }

    /// <summary>The task that is known before any row is read: the one asked for, or the only one of the files' format.</summary>
    public static TaskType? KnownTask(ImportRequest request, IReadOnlyList<ImportSource> sources)
    {
        if (sources.FirstOrDefault(source => source.Format.Task != sources[0].Format.Task) is { } other)
            throw FileFault.In(
                other.Path,
                $"is {other.Format.Name}, and {sources[0].Path} is {sources[0].Format.Name}; expected files for one task"
            );
        return request.Task ?? sources[0].Format.Task;
    }

    private static List<(int Split, string Path)> Files(ImportRequest request, List<string> notes)
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

    private static List<(int Split, string Path)> InFolder(string folder, List<string> notes)
    {
        var all = Directory
            .EnumerateFiles(folder)
            .Where(path => !System.IO.Path.GetFileName(path).StartsWith('.'))
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
                    $"{string.Join(" and ", same.Select(file => System.IO.Path.GetFileName(file.Path)))} both say {DatasetIdentity.SplitNames[same.Key]}; name the files with --split NAME=PATH"
                );
        foreach (var path in all.Except(named.Select(file => file.Path)))
            notes.Add($"{System.IO.Path.GetFileName(path)}: left out, its name ends in no split's name");
        return named;
    }
}
