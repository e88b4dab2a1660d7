using System.IO.Compression;
using System.Text;
using Parquet;

namespace TransferPipeline.Datasets;

/// <summary>What was written: the id is the hash of the rows themselves, not of the file.</summary>
public sealed record SplitSummary(string Id, long Rows, long Labelled);

/// <summary>Writes one split as Parquet, row group by row group; one group is compressed while the next is gathered.</summary>
public sealed class SplitWriter : IAsyncDisposable
{
    private readonly ParquetWriter _file;
    private readonly CanonicalRows _canonical = new();
    private readonly CancellationToken _cancellation;
    private RowGroup _gathering = new();
    private RowGroup _spare = new();
    private Task _writing = Task.CompletedTask;
    private byte[] _scratch = new byte[4096];
    private long _rows;
    private long _labelled;

    private SplitWriter(ParquetWriter file, CancellationToken cancellation) =>
        (_file, _cancellation) = (file, cancellation);

    /// <summary>Rows added so far.</summary>
    public long Rows => _rows;

    /// <summary>Begins a file on a stream that stays open.</summary>
    public static async Task<SplitWriter> CreateAsync(Stream to, CancellationToken cancellation = default)
    {
        var options = new ParquetOptions
        {
            CompressionMethod = CompressionMethod.Zstd,
            CompressionLevel = CompressionLevel.Fastest,
        };
        return new SplitWriter(
            await ParquetWriter.CreateAsync(RowGroup.Schema, to, options, cancellationToken: cancellation),
            cancellation
        );
    }

    /// <summary>Writes all examples as one file.</summary>
    public static async Task<SplitSummary> WriteAsync(
        Stream to,
        IEnumerable<Example> examples,
        CancellationToken cancellation = default
    )
    {
        await using var writer = await CreateAsync(to, cancellation);
        foreach (var example in examples)
            writer.Add(example);
        return await writer.FinishAsync();
    }

    /// <summary>Adds a row; may wait for an earlier row group to be written.</summary>
    public void Add(in Utf8Row row)
    {
        _canonical.Add(row);
        _rows++;
        if (row.HasLabel)
            _labelled++;
        if (_gathering.TryAdd(row))
            return;
        WriteGathered();
        _gathering.TryAdd(row);
    }

    /// <summary>Adds a row; may wait for an earlier row group to be written.</summary>
    public void Add(Example example)
    {
        string?[] texts = [example.Id, example.Text, example.TextB, example.Label, example.Source, example.Group];
        var most = 0;
        foreach (var text in texts)
            most += Encoding.UTF8.GetMaxByteCount(text?.Length ?? 0);
        if (_scratch.Length < most)
            _scratch = new byte[most];

        var used = 0;
        Add(
            new Utf8Row
            {
                Id = Utf8(texts[0], ref used),
                Text = Utf8(texts[1], ref used),
                TextB = Utf8(texts[2], ref used),
                HasTextB = texts[2] is not null,
                Label = Utf8(texts[3], ref used),
                HasLabel = texts[3] is not null,
                Source = Utf8(texts[4], ref used),
                HasSource = texts[4] is not null,
                Group = Utf8(texts[5], ref used),
                HasGroup = texts[5] is not null,
                Weight = example.Weight,
                Origin = example.Origin,
            }
        );
    }

    /// <summary>Writes what is left and the file's end.</summary>
    public async Task<SplitSummary> FinishAsync()
    {
        await _writing;
        if (_gathering.Rows > 0)
            await _gathering.WriteAsync(_file, _cancellation);
        await _file.DisposeAsync();
        return new SplitSummary(_canonical.Finish(), _rows, _labelled);
    }

    public async ValueTask DisposeAsync()
    {
        _canonical.Dispose();
        // A failed write has been or will be seen by whoever awaits the file; here only its end matters.
        await ((Task)_writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void WriteGathered()
    {
        _writing.GetAwaiter().GetResult();
        (_gathering, _spare) = (_spare, _gathering);
        var full = _spare;
        _writing = Task.Run(
            async () =>
            {
                await full.WriteAsync(_file, _cancellation);
                full.Clear();
            },
            _cancellation
        );
    }

    private ReadOnlySpan<byte> Utf8(string? text, ref int used)
    {
        var length = Encoding.UTF8.GetBytes(text ?? "", _scratch.AsSpan(used));
        used += length;
        return _scratch.AsSpan(used - length, length);
    }
}
