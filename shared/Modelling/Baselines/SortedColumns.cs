namespace TransferPipeline.Modelling.Baselines;

/// <summary>Rows by column, the stored values of each column in ascending order: what the trees of a forest share.</summary>
internal sealed class SortedColumns
{
    private readonly FeatureRows _rows;
    private readonly int[] _offsets; // (width + 1)
    private readonly int[] _samples;
    private readonly float[] _values;

    public SortedColumns(FeatureRows rows)
    {
        _rows = rows;
        _offsets = new int[rows.Width + 1];
        for (var row = 0; row < rows.Count; row++)
        for (var i = 0; i < rows.Values(row).Length; i++)
            _offsets[Column(row, i) + 1]++;
        for (var column = 0; column < rows.Width; column++)
            _offsets[column + 1] += _offsets[column];

        _samples = new int[rows.Stored];
        _values = new float[rows.Stored];
        var next = _offsets.AsSpan(..^1).ToArray();
        for (var row = 0; row < rows.Count; row++)
        for (var i = 0; i < rows.Values(row).Length; i++)
        {
            var to = next[Column(row, i)]++;
            (_samples[to], _values[to]) = (row, rows.Values(row)[i]);
        }
        for (var column = 0; column < rows.Width; column++)
        {
            var range = _offsets[column].._offsets[column + 1];
            _values.AsSpan(range).Sort(_samples.AsSpan(range)); // equal values may lie in any order
        }

        int Column(int row, int i) => rows.IsDense ? i : rows.Columns(row)[i];
    }

    public int Width => _rows.Width;

    public int Count => _rows.Count;

    /// <summary>The stored values of a column among some samples, ascending; the samples left out have a zero.</summary>
    /// <param name="samples">The samples of a node.</param>
    /// <param name="place">Where each of all samples lies; those of the node lie from <paramref name="start"/> on.</param>
    /// <returns>How many there are.</returns>
    public int Gather(
        int column,
        ReadOnlySpan<int> samples,
        int[] place,
        int start,
        Span<int> found,
        Span<float> values
    )
    {
        var (from, to) = (_offsets[column], _offsets[column + 1]);
        if (_rows.IsDense && samples.Length < (to - from) / 16)
        {
            // Few of a full column: sorting them costs less than passing over all others.
            samples.CopyTo(found);
            for (var i = 0; i < samples.Length; i++)
                values[i] = _rows.Values(samples[i])[column];
            values[..samples.Length].Sort(found[..samples.Length]);
            return samples.Length;
        }

        var count = 0;
        for (var i = from; i < to; i++)
        {
            var sample = _samples[i];
            if ((uint)(place[sample] - start) >= (uint)samples.Length)
                continue;
            (found[count], values[count]) = (sample, _values[i]);
            count++;
        }
        return count;
    }
}
