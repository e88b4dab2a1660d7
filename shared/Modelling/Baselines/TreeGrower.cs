using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Modelling.Baselines;

/// <summary>
/// Grows one tree to purity: at each node the purest split (Gini) among √features features drawn without replacement,
/// going on drawing while all drawn ones are constant there.
/// </summary>
internal sealed class TreeGrower
{
    private readonly LabelledRows _data;
    private readonly SortedColumns _columns;
    private readonly CounterRandom _random;
    private readonly int _drawn;

    private readonly int[] _samples; // of the bootstrap sample, those of a node side by side
    private readonly double[] _weights; // (N): weight of a row times how often it was drawn
    private readonly int[] _place; // (N): where in _samples
    private readonly int[] _features;
    private readonly int[] _found;
    private readonly float[] _values;
    private readonly bool[] _goesRight; // (N)

    private readonly List<int> _feature = [];
    private readonly List<float> _threshold = [];
    private readonly List<int> _right = [];
    private readonly List<float> _shares = [];

    public TreeGrower(LabelledRows data, SortedColumns columns, CounterRandom random)
    {
        (_data, _columns, _random) = (data, columns, random);
        _drawn = Math.Max(1, (int)Math.Sqrt(columns.Width));
        _weights = new double[columns.Count];
        for (var draw = 0; draw < columns.Count; draw++)
        {
            var row = random.NextInt(columns.Count);
            _weights[row] += data.Weights[row];
        }
        _samples = [.. Enumerable.Range(0, columns.Count).Where(row => _weights[row] > 0)];
        _place = new int[columns.Count];
        Array.Fill(_place, -1);
        for (var i = 0; i < _samples.Length; i++)
            _place[_samples[i]] = i;
        _features = [.. Enumerable.Range(0, columns.Width)];
        _found = new int[_samples.Length];
        _values = new float[_samples.Length];
        _goesRight = new bool[columns.Count];
    }

    public DecisionTree Grow()
    {
        var waiting = new Stack<(int Start, int Count, int Parent)>();
        waiting.Push((0, _samples.Length, -1));
        while (waiting.TryPop(out var next))
        {
            var (start, count, parent) = next;
            if (parent >= 0)
                _right[parent] = _feature.Count;

            var totals = new double[_data.Classes];
            foreach (var sample in _samples.AsSpan(start, count))
                totals[_data.Labels[sample]] += _weights[sample];

            var split = totals.Count(total => total > 0) > 1 ? FindSplit(start, count, totals) : null;
            if (split is null)
            {
                AddLeaf(totals);
                continue;
            }

            var left = Partition(split, start, count);
            _feature.Add(split.Feature);
            _threshold.Add(split.Threshold);
            _right.Add(-1);
            waiting.Push((start + left, count - left, _feature.Count - 1));
            waiting.Push((start, left, -1));
        }
        return new DecisionTree([.. _feature], [.. _threshold], [.. _right], [.. _shares]);
    }

    private void AddLeaf(double[] totals)
    {
        _feature.Add(-1);
        _threshold.Add(0);
        _right.Add(_shares.Count / totals.Length);
        var sum = totals.Sum();
        _shares.AddRange(totals.Select(total => (float)(total / sum)));
    }

    private SplitSearch? FindSplit(int start, int count, double[] totals)
    {
        var search = new SplitSearch(totals, _data.Labels, _weights);
        for (var visited = 0; visited < _features.Length && (visited < _drawn || !search.Found); visited++)
        {
            var other = visited + _random.NextInt(_features.Length - visited);
            (_features[visited], _features[other]) = (_features[other], _features[visited]);
            var stored = Gather(_features[visited], start, count);
            search.Try(_features[visited], _found.AsSpan(0, stored), _values.AsSpan(0, stored), count - stored);
        }
        return search.Found ? search : null;
    }

    /// <summary>Puts the samples of the left child before those of the right one; returns how many they are.</summary>
    private int Partition(SplitSearch split, int start, int count)
    {
        var samples = _samples.AsSpan(start, count);
        foreach (var sample in samples)
            _goesRight[sample] = 0 > split.Threshold;
        var stored = Gather(split.Feature, start, count);
        for (var i = 0; i < stored; i++)
            _goesRight[_found[i]] = _values[i] > split.Threshold;

        var left = 0;
        for (var i = 0; i < count; i++)
        {
            if (_goesRight[samples[i]])
                continue;
            (samples[left], samples[i]) = (samples[i], samples[left]);
            left++;
        }
        for (var i = 0; i < count; i++)
            _place[samples[i]] = start + i;
        return left;
    }

    private int Gather(int feature, int start, int count) =>
        _columns.Gather(feature, _samples.AsSpan(start, count), _place, start, _found, _values);
}
