namespace TransferPipeline.Modelling.Baselines;

/// <summary>
/// The objective of logistic regression divided by C · weight of all rows, its gradient and its curvature. A point holds one
/// vector of (features + bias) for two classes (the first class scores 0), else one per class that has a row.
/// </summary>
internal sealed class LogisticLoss
{
    private readonly FeatureRows _rows;
    private readonly int[] _labels; // number among the classes present
    private readonly double[] _weights; // sum to 1
    private readonly double _penalty;
    private readonly int _vectors;
    private readonly int _first; // label of the first vector
    private readonly double[] _probabilities; // (N, vectors), of the point last evaluated

    public LogisticLoss(LabelledRows data, double c)
    {
        _rows = data.Rows;
        var numbers = data.Present.Select((label, number) => (label, number)).ToDictionary();
        _labels = Array.ConvertAll(data.Labels, label => numbers[label]);
        var total = data.Weights.Sum();
        _weights = Array.ConvertAll(data.Weights, weight => weight / total);
        _penalty = 1 / (c * total);
        (_vectors, _first) = data.Present.Count == 2 ? (1, 1) : (data.Present.Count, 0);
        _probabilities = new double[_rows.Count * _vectors];
    }

    private int Size => _rows.Width + 1;

    public double[] Zero() => new double[_vectors * Size];

    /// <summary>The objective; keeps the probabilities at the point for <see cref="Gradient"/> and <see cref="Curve"/>.</summary>
    public double Evaluate(double[] point)
    {
        var loss = 0.0;
        for (var row = 0; row < _rows.Count; row++)
        {
            var scores = _probabilities.AsSpan(row * _vectors, _vectors);
            Score(point, row, scores);
            var own = _labels[row] < _first ? 0.0 : scores[_labels[row] - _first];

            var largest = _first == 1 ? 0.0 : double.NegativeInfinity;
            foreach (var score in scores)
                largest = Math.Max(largest, score);
            var sum = _first == 1 ? Math.Exp(-largest) : 0.0;
            foreach (ref var score in scores)
                sum += score = Math.Exp(score - largest);
            foreach (ref var score in scores)
                score /= sum;
            loss += _weights[row] * (largest + Math.Log(sum) - own);
        }

        for (var vector = 0; vector < _vectors; vector++)
            foreach (var weight in point.AsSpan(vector * Size, _rows.Width))
                loss += 0.5 * _penalty * weight * weight;
        return loss;
    }

    public double[] Gradient(double[] point)
    {
        var gradient = Penalty(point);
        for (var row = 0; row < _rows.Count; row++)
        for (var vector = 0; vector < _vectors; vector++)
        {
            var expected = _labels[row] == vector + _first ? 1.0 : 0.0;
            Add(row, vector, _weights[row] * (_probabilities[row * _vectors + vector] - expected), gradient);
        }
        return gradient;
    }

    /// <summary>The Hessian at the point last evaluated, times a direction.</summary>
    public double[] Curve(double[] direction)
    {
        var curved = Penalty(direction);
        Span<double> scores = new double[_vectors];
        for (var row = 0; row < _rows.Count; row++)
        {
            var probabilities = _probabilities.AsSpan(row * _vectors, _vectors);
            Score(direction, row, scores);
            var mean = 0.0;
            for (var vector = 0; vector < _vectors; vector++)
                mean += probabilities[vector] * scores[vector];
            for (var vector = 0; vector < _vectors; vector++)
                Add(row, vector, _weights[row] * probabilities[vector] * (scores[vector] - mean), curved);
        }
        return curved;
    }

    /// <summary>The vectors and biases of a point.</summary>
    public (double[][] Weights, double[] Bias) Split(double[] point)
    {
        var weights = new double[_vectors][];
        var bias = new double[_vectors];
        for (var vector = 0; vector < _vectors; vector++)
        {
            weights[vector] = point[(vector * Size)..(vector * Size + _rows.Width)];
            bias[vector] = point[vector * Size + _rows.Width];
        }
        return (weights, bias);
    }

    private void Score(double[] point, int row, Span<double> scores)
    {
        for (var vector = 0; vector < _vectors; vector++)
        {
            var own = point.AsSpan(vector * Size, Size);
            scores[vector] = _rows.Dot(row, own[..^1]) + own[^1];
        }
    }

    private void Add(int row, int vector, double scale, double[] to)
    {
        var own = to.AsSpan(vector * Size, Size);
        _rows.AddScaled(row, scale, own[..^1]);
        own[^1] += scale;
    }

    private double[] Penalty(double[] point)
    {
        var penalty = Array.ConvertAll(point, entry => _penalty * entry);
        for (var vector = 0; vector < _vectors; vector++)
            penalty[vector * Size + _rows.Width] = 0;
        return penalty;
    }
}
