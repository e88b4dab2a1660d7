using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Datasets.Formats;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>Texts that come again, in their own split or in another one.</summary>
internal sealed class Overlaps : IDisposable
{
    private const int Examples = 3;
    private static readonly int Splits = DatasetIdentity.SplitNames.Count;

    private readonly FingerprintTable _texts = new();
    private readonly long[] _duplicates = new long[Splits];
    private readonly Pair[,] _pairs = new Pair[Splits, Splits];

    public void Add(in Utf8Row row, int split, ImportSource source, IRecordReader reader)
    {
        var seen = _texts.Mark(TextFingerprint.Of(row.Text, row.TextB), 1 << split);
        if (seen == 0)
            return;
        if ((seen & (1 << split)) != 0)
        {
            _duplicates[split]++;
            return;
        }
        for (var other = 0; other < Splits; other++)
            if ((seen & (1 << other)) != 0)
                AddLeak(Math.Min(split, other), Math.Max(split, other), row, source, reader);
    }

    public long Duplicates(int split) => _duplicates[split];

    public IReadOnlyList<SplitLeak> Leaks() =>
        [
            .. from first in Enumerable.Range(0, Splits)
            from second in Enumerable.Range(0, Splits)
            let pair = _pairs[first, second]
            where pair is not null
            select new SplitLeak(
                DatasetIdentity.SplitNames[first],
                DatasetIdentity.SplitNames[second],
                pair.Texts,
                pair.Examples
            ),
        ];

    /// <summary>Refuses leaks.</summary>
    public void CheckStrictly()
    {
        var leaks = Leaks();
        if (leaks.Count > 0)
            throw new BadInputException([
                .. leaks.Select(leak =>
                    $"{leak.Examples[0]}; {leak.Split} and {leak.Other} have {leak.Texts} texts in common, and --strict allows none"
                ),
            ]);
    }

    public void Dispose() => _texts.Dispose();

    private void AddLeak(int first, int second, in Utf8Row row, ImportSource source, IRecordReader reader)
    {
        var pair = _pairs[first, second] ??= new Pair();
        pair.Texts++;
        if (pair.Examples.Count == Examples)
            return;
        var text = Encoding.UTF8.GetString(row.Text);
        var beginning = text.Length > 60 ? text[..60] + "…" : text;
        pair.Examples.Add(
            $"{Path.GetFileName(source.Path)}: {reader.Where(source.Roles.Text)}: the text \"{beginning}\" is in another split"
        );
    }

    private sealed class Pair
    {
        public long Texts { get; set; }
        public List<string> Examples { get; } = [];
    }
}
