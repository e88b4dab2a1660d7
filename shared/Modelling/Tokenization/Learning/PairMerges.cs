namespace TransferPipeline.Modelling.Tokenization.Learning;

/// <summary>
/// Learns which neighbouring pieces to join (Sennrich et al. 2016): again and again the pair that occurs most often; of
/// equals the one whose pieces came first.
/// </summary>
internal sealed class PairMerges
{
    private const int FewestOccurrences = 2;

    private readonly Func<string, string, string> _join;
    private readonly List<string> _pieces;
    private readonly Dictionary<string, int> _ids;
    private readonly List<(int[] Pieces, long Count)> _words = [];
    private readonly Dictionary<(int, int), long> _counts = [];
    private readonly Dictionary<(int, int), HashSet<int>> _places = [];
    private readonly PriorityQueue<(int Left, int Right, long Count), (long, int, int)> _queue = new();
    private readonly HashSet<(int, int)> _changed = [];

    /// <param name="alphabet">The pieces that words are made of at first.</param>
    /// <param name="words">Words as pieces of the alphabet, and how often each occurs.</param>
    /// <param name="join">The piece that two make together.</param>
    public PairMerges(
        IEnumerable<string> alphabet,
        IEnumerable<(IReadOnlyList<string> Pieces, long Count)> words,
        Func<string, string, string> join
    )
    {
        _join = join;
        _pieces = [.. alphabet];
        _ids = _pieces.Select((piece, id) => (piece, id)).ToDictionary(StringComparer.Ordinal);
        foreach (var (pieces, count) in words)
        {
            _words.Add(([.. pieces.Select(piece => _ids[piece])], count));
            CountPairs(_words.Count - 1, 1);
        }
        EnqueueChanged();
    }

    /// <summary>The alphabet, then what was joined, in order.</summary>
    public IReadOnlyList<string> Pieces => _pieces;

    /// <summary>The joins in order.</summary>
    public List<(string Left, string Right)> Merges { get; } = [];

    /// <summary>Joins until there are so many pieces, or no pair occurs twice.</summary>
    public void Learn(int pieces, CancellationToken stop)
    {
        while (_pieces.Count < pieces && _queue.TryDequeue(out var best, out _))
        {
            stop.ThrowIfCancellationRequested();
            var pair = (best.Left, best.Right);
            // An entry of before a join tells an old number; the true one is in the queue as well.
            if (_counts.GetValueOrDefault(pair) == best.Count)
                Join(pair);
        }
    }

    private void Join((int Left, int Right) pair)
    {
        var (left, right) = (_pieces[pair.Left], _pieces[pair.Right]);
        var joined = _join(left, right);
        if (!_ids.TryGetValue(joined, out var id))
        {
            _ids[joined] = id = _pieces.Count;
            _pieces.Add(joined);
        }
        Merges.Add((left, right));

        foreach (var word in _places[pair].Order())
        {
            CountPairs(word, -1);
            _words[word] = (Joined(_words[word].Pieces, pair, id), _words[word].Count);
            CountPairs(word, 1);
        }
        EnqueueChanged();
    }

    private static int[] Joined(int[] pieces, (int Left, int Right) pair, int id)
    {
        var joined = new List<int>(pieces.Length);
        for (var i = 0; i < pieces.Length; i++)
            if (i + 1 < pieces.Length && pieces[i] == pair.Left && pieces[i + 1] == pair.Right)
            {
                joined.Add(id);
                i++;
            }
            else
                joined.Add(pieces[i]);
        return [.. joined];
    }

    private void CountPairs(int word, int sign)
    {
        var (pieces, count) = _words[word];
        for (var i = 1; i < pieces.Length; i++)
        {
            var pair = (pieces[i - 1], pieces[i]);
            _counts[pair] = _counts.GetValueOrDefault(pair) + sign * count;
            _changed.Add(pair);
            if (!_places.TryGetValue(pair, out var places))
                _places[pair] = places = [];
            if (sign > 0)
                places.Add(word);
            else
                places.Remove(word);
        }
    }

    private void EnqueueChanged()
    {
        foreach (var pair in _changed)
            if (_counts[pair] is >= FewestOccurrences and var count)
                _queue.Enqueue((pair.Item1, pair.Item2, count), (-count, pair.Item1, pair.Item2));
            else if (_counts[pair] == 0)
            {
                _counts.Remove(pair);
                _places.Remove(pair);
            }
        _changed.Clear();
    }
}
