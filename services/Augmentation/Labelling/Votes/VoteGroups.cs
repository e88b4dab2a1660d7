namespace TransferPipeline.Augmentation.Labelling.Votes;

/// <summary>
/// The patterns with the votes of several functions in one number, so that what is summed over functions is looked up once for
/// each group of them.
/// </summary>
internal sealed class VoteGroups
{
    /// <summary>Ways in which the functions of a group may vote: few enough that a table of them stays in the cache.</summary>
    private const int MostCodes = 1024;

    private readonly int[] _firstPlaces; // of each group in a table, then the length of the table
    private readonly int[] _places; // (patterns, groups)
    private readonly int _functions;
    private readonly int _functionsEach;
    private readonly int _votes; // to abstain is one

    public VoteGroups(VotePatterns patterns)
    {
        (_functions, _votes, _functionsEach) = (patterns.Functions, patterns.Labels + 1, 1);
        for (var codes = _votes * _votes; codes <= MostCodes && _functionsEach < _functions; codes *= _votes)
            _functionsEach++;
        Count = (_functions + _functionsEach - 1) / _functionsEach;
        _firstPlaces = new int[Count + 1];
        for (var group = 0; group < Count; group++)
            _firstPlaces[group + 1] =
                _firstPlaces[group]
                + Enumerable.Repeat(_votes, FunctionsOf(group)).Aggregate((codes, votes) => codes * votes);

        _places = new int[patterns.Count * Count];
        for (var pattern = 0; pattern < patterns.Count; pattern++)
        {
            var row = patterns[pattern];
            for (var group = 0; group < Count; group++)
            {
                var code = 0;
                for (var at = FunctionsOf(group) - 1; at >= 0; at--)
                    code = code * _votes + row[group * _functionsEach + at] + 1;
                _places[pattern * Count + group] = _firstPlaces[group] + code;
            }
        }
    }

    /// <summary>Number of groups.</summary>
    public int Count { get; }

    /// <summary>Places in a table of all ways in which the functions of each group may vote.</summary>
    public int Places => _firstPlaces[^1];

    /// <summary>How the groups vote in a pattern, as places in such a table.</summary>
    public ReadOnlySpan<int> this[int pattern] => _places.AsSpan(pattern * Count, Count);

    /// <summary>How the functions of a group vote at each of its places.</summary>
    public IEnumerable<(int Place, int Function, int Vote)> Votes()
    {
        for (var group = 0; group < Count; group++)
        for (var place = _firstPlaces[group]; place < _firstPlaces[group + 1]; place++)
        {
            var code = place - _firstPlaces[group];
            for (var at = 0; at < FunctionsOf(group); at++, code /= _votes)
                yield return (place, group * _functionsEach + at, code % _votes - 1);
        }
    }

    /// <summary>The places of the first group: each pattern has one of them.</summary>
    public Range FirstGroup => ..(Count == 0 ? 0 : _firstPlaces[1]);

    private int FunctionsOf(int group) => Math.Min(_functionsEach, _functions - group * _functionsEach);
}
