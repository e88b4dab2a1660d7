namespace TransferPipeline.Datasets;

/// <summary>Takes whole clusters of rows, in a random order, until every stratum has given its quota.</summary>
public sealed class ClusterCut
{
    private readonly IReadOnlyList<ushort> _strata;
    private readonly int[] _rings;
    private readonly bool[] _taken;

    /// <summary>The first row of each cluster; every cut shuffles it on, as a copy of it could be large.</summary>
    private readonly int[] _order;

    public ClusterCut(RowClusters clusters, IReadOnlyList<ushort> strata)
    {
        (_strata, _rings, _taken) = (strata, clusters.Rings(), new bool[strata.Count]);
        _order = new int[clusters.Count];
        var next = 0;
        for (var row = 0; row < strata.Count; row++)
            if (clusters.FirstOf(row) == row)
                _order[next++] = row;
    }

    /// <summary>Rows of each stratum.</summary>
    public int[] StratumSizes()
    {
        var sizes = new int[_strata.Count == 0 ? 0 : _strata.Max() + 1];
        foreach (var stratum in _strata)
            sizes[stratum]++;
        return sizes;
    }

    /// <summary>Keeps the cluster of a row from being taken.</summary>
    public void Block(int row)
    {
        for (var next = _rings[row]; ; next = _rings[next])
        {
            _taken[next] = true;
            if (next == row)
                return;
        }
    }

    /// <summary>
    /// The rows taken, in their order. A cluster that would exceed what is left of a quota is passed over, so large
    /// clusters may leave a quota unmet; no cluster is ever divided or taken twice.
    /// </summary>
    public IReadOnlyList<int> Take(IReadOnlyList<int> quotas, SeededRandom random)
    {
        var left = quotas.ToArray();
        var wanted = left.Sum();
        var rows = new List<int>();
        random.Shuffle<int>(_order);
        foreach (var first in _order)
        {
            if (rows.Count == wanted)
                break;
            if (!_taken[first] && Fits(first, left))
                for (var row = _rings[first]; ; row = _rings[row])
                {
                    _taken[row] = true;
                    rows.Add(row);
                    if (row == first)
                        break;
                }
        }
        rows.Sort();
        return rows;
    }

    /// <summary>Takes the cluster's rows off what is left, or nothing where they do not fit.</summary>
    private bool Fits(int first, int[] left)
    {
        var row = first;
        do
        {
            if (--left[_strata[row]] < 0)
            {
                for (var back = first; ; back = _rings[back])
                {
                    left[_strata[back]]++;
                    if (back == row)
                        return false;
                }
            }
            row = _rings[row];
        } while (row != first);
        return true;
    }
}
