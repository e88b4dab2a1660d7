using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets.Formats;

/// <summary>All formats, and which one a file is in.</summary>
public static class DatasetFormats
{
    /// <summary>Enough of a file's beginning to tell its format.</summary>
    private const int Start = 64 * 1024;

    /// <summary>In the order in which a file without a telling ending is held against them.</summary>
    public static IReadOnlyList<IDatasetFormat> All { get; } =
    [
        new ParquetTable(),
        new Squad(),
        new Wrench(),
        new JsonLines(),
        new Conll(),
        new Tsv(),
        new Csv(),
        new LabelText(),
        new LineText(),
    ];

    /// <summary>The format of a file: the one named, else what its ending says, else what it looks like.</summary>
    /// <exception cref="BadInputException">There is no such format or file, or the file is something else.</exception>
    public static IDatasetFormat Of(string path, string? name = null)
    {
        var named = name is null ? null : Find(name);
        var start = ReadStart(path);
        if (start.IsEmpty)
            throw FileFault.In(path, "the file is empty; expected rows");
        var format = named ?? ByEnding(path, start);
        Refuse(path, start, format);
        if (format is not null)
            return format;
        foreach (var candidate in All)
            if (candidate.LooksLike(start))
                return candidate;
        throw FileFault.In(path, "no format fits; name one with --format");
    }

    private static IDatasetFormat Find(string name) =>
        All.FirstOrDefault(format => format.Name == name)
        ?? throw new BadInputException(
            $"--format {name}: there is no such format; expected one of {string.Join(", ", All.Select(format => format.Name))}"
        );

    /// <summary>Of formats that share an ending the first that the file looks like, else the last of them.</summary>
    private static IDatasetFormat? ByEnding(string path, ReadOnlySpan<byte> start)
    {
        IDatasetFormat? last = null;
        foreach (var format in All)
            if (SaysEnding(format, path))
            {
                last = format;
                if (format.LooksLike(start))
                    return format;
            }
        return last;
    }

    private static bool SaysEnding(IDatasetFormat format, string path) =>
        format.Endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static ReadOnlySpan<byte> ReadStart(string path)
    {
        if (Directory.Exists(path))
            throw FileFault.In(path, "is a folder; expected a file");
        if (!File.Exists(path))
            throw FileFault.In(path, "there is no such file");
        using var file = File.OpenRead(path);
        var start = new byte[Start];
        return start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
    }

    private static void Refuse(string path, ReadOnlySpan<byte> start, IDatasetFormat? format)
    {
        var kind = KindOf(start);
        if (format is ParquetTable && kind != "a Parquet file")
            throw FileFault.In(path, $"is {kind ?? "a text file"}, not Parquet; expected PAR1 as its first bytes");
        if (kind is null || (kind == "a Parquet file" && format is null or ParquetTable))
            return;
        var advice = kind.EndsWith("archive", StringComparison.Ordinal) ? "; unpack it first" : "";
        throw FileFault.In(path, $"is {kind}, not {format?.Name ?? "a text file"}{advice}");
    }

    /// <summary>What the first bytes say the file is; null where it may be text.</summary>
    private static string? KindOf(ReadOnlySpan<byte> start) =>
        start switch
        {
            [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "a Parquet file",
            [0x1F, 0x8B, ..] => "a gzip archive",
            [(byte)'P', (byte)'K', 3, 4, ..] => "a zip archive",
            [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, ..] => "a bzip2 archive",
            [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => "an xz archive",
            [0x28, 0xB5, 0x2F, 0xFD, ..] => "a zstd archive",
            [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] => "a 7z archive",
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => "a PDF document",
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..] => null,
            _ => start.Contains((byte)0) ? "a binary file" : null,
        };
}
