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
        var files = ImportFiles
            .Of(request, notes)
            .Select(file => (Split: SplitNames.Position(file.Split), file.Path))
            .OrderBy(file => file.Split)
            .ToList();
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
}
