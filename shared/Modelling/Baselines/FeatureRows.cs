using System.Numerics;

namespace TransferPipeline.Modelling.Baselines;

/// <summary>Feature vectors, one per text: sparse (compressed rows) or dense.</summary>
public sealed class FeatureRows
{
    private readonly int[] _offsets; // (N + 1): where each row starts
    private readonly int[]? _columns; // null: dense
    private readonly float[] _values;

    private FeatureRows(int width, int[] offsets, int[]? columns, float[] values)
    {
        Width = width;
        _offsets = offsets;
        _columns = columns;
        _values = values;
    }

    /// <summary>Number of rows.</summary>
    public int Count => _offsets.Length - 1;

    /// <summary>Number of features.</summary>
    public int Width { get; }

    /// <summary>Whether every value is stored.</summary>
    public bool IsDense => _columns is null;

    /// <summary>Number of values stored.</summary>
    public int Stored => _values.Length;

    /// <summary>Dense rows, all of one width; the values are copied.</summary>
    public static FeatureRows Dense(IReadOnlyList<float[]> rows, int width)
    {
        var values = new float[checked(rows.Count * width)];
        var offsets = new int[rows.Count + 1];
        for (var row = 0; row < rows.Count; row++)
        {
            if (rows[row].Length != width)
                throw new ArgumentException($"Row {row} has {rows[row].Length} values, not {width}.", nameof(rows));
            rows[row].CopyTo(values, row * width);
            offsets[row + 1] = (row + 1) * width;
        }
        return new FeatureRows(width, offsets, null, values);
    }

    /// <summary>Sparse rows: row i holds the columns and values from offsets[i] to offsets[i + 1], each column once.</summary>
    public static FeatureRows Sparse(int width, int[] offsets, int[] columns, float[] values)
    {
        if (columns.Length != values.Length || offsets.Length == 0 || offsets[^1] != values.Length)
            throw new ArgumentException("Offsets, columns and values do not belong together.", nameof(offsets));
        if (columns.Any(column => (uint)column >= (uint)width))
            throw new ArgumentException($"A column lies outside 0 … {width - 1}.", nameof(columns));
        return new FeatureRows(width, offsets, columns, values);
    }

    /// <summary>The rows of all parts in order; the parts are of one width and one kind.</summary>
    public static FeatureRows Concat(IReadOnlyList<FeatureRows> parts)
    {
        var (width, dense) = (parts[0].Width, parts[0].IsDense);
        if (parts.Any(part => part.Width != width || part.IsDense != dense))
            throw new ArgumentException("The parts differ in width or kind.", nameof(parts));

        var offsets = new int[parts.Sum(part => part.Count) + 1];
        var row = 0;
        foreach (var part in parts)
            for (var own = 0; own < part.Count; own++, row++)
                offsets[row + 1] = checked(offsets[row] + part.Values(own).Length);
        return new FeatureRows(
            width,
            offsets,
            dense ? null : [.. parts.SelectMany(part => part._columns!)],
            [.. parts.SelectMany(part => part._values)]
        );
    }

    /// <summary>The stored values of a row.</summary>
    public ReadOnlySpan<float> Values(int row) => _values.AsSpan(_offsets[row].._offsets[row + 1]);

    /// <summary>The columns of a sparse row's values.</summary>
    public ReadOnlySpan<int> Columns(int row) =>
        _columns is null
            ? throw new InvalidOperationException("Dense rows store no columns.")
            : _columns.AsSpan(_offsets[row].._offsets[row + 1]);

    /// <summary>The rows of these numbers, in that order.</summary>
    public FeatureRows Select(IReadOnlyList<int> rows)
    {
        var offsets = new int[rows.Count + 1];
        for (var i = 0; i < rows.Count; i++)
            offsets[i + 1] = offsets[i] + Values(rows[i]).Length;

        var values = new float[offsets[^1]];
        var columns = IsDense ? null : new int[offsets[^1]];
        for (var i = 0; i < rows.Count; i++)
        {
            Values(rows[i]).CopyTo(values.AsSpan(offsets[i]));
            if (columns is not null)
                Columns(rows[i]).CopyTo(columns.AsSpan(offsets[i]));
        }
        return new FeatureRows(Width, offsets, columns, values);
    }

    /// <summary>The row times a vector of <see cref="Width"/> numbers.</summary>
    public double Dot(int row, ReadOnlySpan<double> vector)
    {
        var values = Values(row);
        if (_columns is null)
            return Dot(values, vector);

        var columns = Columns(row);
        var sum = 0.0;
        for (var i = 0; i < columns.Length; i++)
            sum += values[i] * vector[columns[i]];
        return sum;
    }

    /// <summary>Adds the scaled row to a vector of <see cref="Width"/> numbers.</summary>
    public void AddScaled(int row, double scale, Span<double> to)
    {
        var values = Values(row);
        if (_columns is null)
        {
            AddScaled(values, scale, to);
            return;
        }

        var columns = Columns(row);
        for (var i = 0; i < columns.Length; i++)
            to[columns[i]] += scale * values[i];
    }

    /// <summary>Writes a row, its zeros too, over a vector of <see cref="Width"/> numbers.</summary>
    public void CopyTo(int row, Span<float> to)
    {
        if (_columns is null)
        {
            Values(row).CopyTo(to);
            return;
        }

        to.Clear();
        var columns = Columns(row);
        var values = Values(row);
        for (var i = 0; i < columns.Length; i++)
            to[columns[i]] = values[i];
    }

    /// <summary>Sum of the squared values of a row.</summary>
    public double SquaredNorm(int row)
    {
        var sum = 0.0;
        foreach (var value in Values(row))
            sum += (double)value * value;
        return sum;
    }

    private static double Dot(ReadOnlySpan<float> values, ReadOnlySpan<double> vector)
    {
        var (low, high) = (Vector<double>.Zero, Vector<double>.Zero);
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out var first, out var second);
            low += first * new Vector<double>(vector[i..]);
            high += second * new Vector<double>(vector[(i + Vector<double>.Count)..]);
        }

        var sum = Vector.Sum(low + high);
        for (; i < values.Length; i++)
            sum += values[i] * vector[i];
        return sum;
    }

    private static void AddScaled(ReadOnlySpan<float> values, double scale, Span<double> to)
    {
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out var first, out var second);
            (new Vector<double>(to[i..]) + first * scale).CopyTo(to[i..]);
            var rest = to[(i + Vector<double>.Count)..];
            (new Vector<double>(rest) + second * scale).CopyTo(rest);
        }

        for (; i < values.Length; i++)
            to[i] += scale * values[i];
    }
}
