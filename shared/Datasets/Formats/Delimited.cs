namespace TransferPipeline.Datasets.Formats;

/// <summary>Comma-separated values after RFC 4180; semicolons where the first line has them and no comma.</summary>
internal sealed class Csv : IDatasetFormat
{
    public string Name => "csv";
    public IReadOnlyList<string> Endings => [".csv"];
    public bool MayLackHeader => true;

    public bool LooksLike(ReadOnlySpan<byte> start) =>
        start.IndexOf((byte)',') is >= 0 and var comma && start[..comma].IndexOf((byte)'\n') < 0 && IsSteady(start);

    public IRecordReader Open(string path, ReadingOptions options)
    {
        var source = Utf8Source.Open(path, options.Encoding);
        source.Fill();
        var line = source.Unread;
        line = line.IndexOf((byte)'\n') is >= 0 and var end ? line[..end] : line;
        var separator = line.Contains((byte)',') || !line.Contains((byte)';') ? (byte)',' : (byte)';';
        return DelimitedRecords.Open(source, separator, quotes: true, options.Header);
    }

    /// <summary>There are several lines, and all that hold no quote hold equally many commas.</summary>
    private static bool IsSteady(ReadOnlySpan<byte> start)
    {
        var (commas, lines) = (-1, 0);
        foreach (var range in start.Split((byte)'\n'))
        {
            var line = start[range];
            if (line.IsEmpty || range.End.Value == start.Length)
                continue;
            lines++;
            if (line.Contains((byte)'"'))
                continue;
            var count = line.Count((byte)',');
            if (commas >= 0 && count != commas)
                return false;
            commas = count;
        }
        return lines > 1;
    }
}

/// <summary>Tab-separated values; quotes are ordinary characters, as in GLUE and MRPC.</summary>
internal sealed class Tsv : IDatasetFormat
{
    public string Name => "tsv";
    public IReadOnlyList<string> Endings => [".tsv", ".tab"];
    public bool MayLackHeader => true;

    public bool LooksLike(ReadOnlySpan<byte> start)
    {
        var tabs = -1;
        foreach (var range in start.Split((byte)'\n'))
        {
            var line = start[range];
            if (line.IsEmpty || (range.End.Value == start.Length && tabs >= 0))
                continue;
            var count = line.Count((byte)'\t');
            if (count == 0 || (tabs >= 0 && count != tabs))
                return false;
            tabs = count;
        }
        return tabs > 0;
    }

    public IRecordReader Open(string path, ReadingOptions options) =>
        DelimitedRecords.Open(Utf8Source.Open(path, options.Encoding), (byte)'\t', quotes: false, options.Header);
}
