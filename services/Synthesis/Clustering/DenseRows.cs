namespace TransferPipeline.Synthesis.Clustering;

/// <summary>Points of one width, row after row.</summary>
/// <param name="Values">(N, D).</param>
internal sealed record DenseRows(float[] Values, int Width)
{
    public int Count => Values.Length / Width;

    public ReadOnlySpan<float> this[int row] => Values.AsSpan(row * Width, Width);

    public static DenseRows Of(IReadOnlyList<float[]> rows) => new([.. rows.SelectMany(row => row)], rows[0].Length);

    /// <summary>The rows of these numbers, in that order.</summary>
    public DenseRows Select(IReadOnlyList<int> rows)
    {
        var values = new float[rows.Count * Width];
        for (var at = 0; at < rows.Count; at++)
            this[rows[at]].CopyTo(values.AsSpan(at * Width));
        return new(values, Width);
    }

    /// <summary>|row|² of each.</summary>
    public float[] SquaredNorms()
    {
        var norms = new float[Count];
        for (var row = 0; row < norms.Length; row++)
            norms[row] = (float)Distances.Product(this[row], this[row]);
        return norms;
    }
}
