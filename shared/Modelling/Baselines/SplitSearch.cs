namespace TransferPipeline.Modelling.Baselines;

/// <summary>The best split of one node so far: it leaves the largest Σ over both sides of Σ(class weight)² / weight.</summary>
internal sealed class SplitSearch
{
    /// <summary>Values no further apart count as equal; scikit-learn's FEATURE_THRESHOLD.</summary>
    private const float Apart = 1e-7f;

    private readonly double[] _totals;
    private readonly int[] _labels;
    private readonly double[] _weights;
    private readonly double[] _left;
    private readonly double[] _zeros;
    private readonly double _total;
    private readonly double _totalSquares;
    private double _best = double.NegativeInfinity;

    // Of the feature being tried.
    private double _leftWeight;
    private double _leftSquares;
    private double _rightSquares;

    /// <param name="totals">Weight of each class in the node.</param>
    public SplitSearch(double[] totals, int[] labels, double[] weights)
    {
        (_totals, _labels, _weights) = (totals, labels, weights);
        (_left, _zeros) = (new double[totals.Length], new double[totals.Length]);
        foreach (var total in totals)
            (_total, _totalSquares) = (_total + total, _totalSquares + total * total);
    }

    /// <summary>Whether a feature that differs among the node's samples was tried.</summary>
    public bool Found => Feature >= 0;

    public int Feature { get; private set; } = -1;

    /// <summary>Values up to it go left.</summary>
    public float Threshold { get; private set; }

    /// <summary>Tries all splits of a feature.</summary>
    /// <param name="samples">Samples with a stored value.</param>
    /// <param name="values">Their values, ascending.</param>
    /// <param name="zeros">How many samples have none.</param>
    public void Try(int feature, ReadOnlySpan<int> samples, ReadOnlySpan<float> values, int zeros)
    {
        if (values.Length == 0)
            return;
        var (least, most) = (values[0], values[^1]);
        if (zeros > 0)
            (least, most) = (Math.Min(least, 0), Math.Max(most, 0));
        if (most <= least + Apart)
            return;

        Array.Clear(_left);
        (_leftWeight, _leftSquares, _rightSquares) = (0, 0, _totalSquares);
        var next = 0;
        if (zeros > 0)
        {
            var negatives = 0;
            while (negatives < values.Length && values[negatives] < 0)
                negatives++;
            Sweep(feature, samples[..negatives], values[..negatives], float.NaN);
            if (negatives > 0)
                Rate(feature, values[negatives - 1], 0);
            MoveZeros(samples);
            next = negatives;
        }
        Sweep(feature, samples[next..], values[next..], zeros > 0 ? 0 : float.NaN);
    }

    private void Sweep(int feature, ReadOnlySpan<int> samples, ReadOnlySpan<float> values, float before)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            Rate(feature, before, values[i]);
            before = values[i];
            Move(_labels[samples[i]], _weights[samples[i]]);
        }
    }

    /// <summary>Rates the split between two neighbouring values; nothing lies before NaN.</summary>
    private void Rate(int feature, float before, float after)
    {
        if (!(after > before + Apart))
            return;
        var rating = _leftSquares / _leftWeight + _rightSquares / (_total - _leftWeight);
        if (rating <= _best)
            return;
        var middle = before / 2 + after / 2;
        // The middle may be rounded up to the larger value, which must go right.
        (_best, Feature, Threshold) = (rating, feature, middle < after ? middle : before);
    }

    private void Move(int label, double weight)
    {
        var right = _totals[label] - _left[label];
        _leftSquares += weight * (2 * _left[label] + weight);
        _rightSquares -= weight * (2 * right - weight);
        _left[label] += weight;
        _leftWeight += weight;
    }

    private void MoveZeros(ReadOnlySpan<int> stored)
    {
        _totals.CopyTo(_zeros, 0);
        foreach (var sample in stored)
            _zeros[_labels[sample]] -= _weights[sample];
        for (var label = 0; label < _zeros.Length; label++)
            Move(label, _zeros[label]);
    }
}
