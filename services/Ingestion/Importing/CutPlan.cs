using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>Which rows of the train files become another split, found by going over them once before they are written.</summary>
internal sealed class CutPlan
{
    private readonly byte[] _splits;

    private CutPlan(byte[] splits) => _splits = splits;

    public int SplitOf(long row) => _splits[row];

    /// <summary>The plan for the fractions of a request; null where it asks for none.</summary>
    /// <param name="classes">Whether each label is a class whose share shall be kept.</param>
    public static CutPlan? Of(ImportRequest request, IReadOnlyList<ImportSource> sources, bool classes)
    {
        if (request.Fractions.Count == 0)
            return null;
        var shares = request
            .Fractions.Select(share => (Split: SplitNames.Named(share.Key, "--split"), share.Value))
            .OrderByDescending(share => share.Split)
            .ToList();
        foreach (var (split, share) in shares)
        {
            var name = DatasetIdentity.SplitNames[split];
            if (split == 0 || sources.Any(source => source.Split == split || source.Roles.Split >= 0))
                throw new BadInputException(
                    $"--split {name}: the files already say their splits; a share can only be cut from train"
                );
            if (share is not (> 0 and < 1))
                throw new BadInputException($"--split {name}={share}: expected a share between 0 and 1");
        }
        if (shares.Sum(share => share.Value) >= 1)
            throw new BadInputException("--split: the shares leave nothing to train on; expected a sum below 1");

        using var clusters = new RowClusters();
        var strata = ReadRows(sources.Where(source => source.Split == 0), clusters, classes);
        // For many rows the keys are the larger part of the memory, and they have done their work.
        clusters.Dispose();
        var cut = new ClusterCut(clusters, strata);
        var plan = new byte[strata.Count];
        var sizes = cut.StratumSizes();
        foreach (var (split, share) in shares)
        {
            var quotas = sizes.Select(size => (int)Math.Round(share * size, MidpointRounding.AwayFromZero)).ToArray();
            foreach (
                var row in cut.Take(quotas, new SeededRandom(request.Seed, "cut " + DatasetIdentity.SplitNames[split]))
            )
                plan[row] = (byte)split;
        }
        return new CutPlan(plan);
    }

    /// <summary>Joins rows of the same text or group; returns each row's stratum, by label.</summary>
    private static List<ushort> ReadRows(IEnumerable<ImportSource> sources, RowClusters clusters, bool classes)
    {
        var strata = new List<ushort>();
        var labels = new Dictionary<string, ushort>();
        foreach (var source in sources)
        {
            using var reader = source.Open();
            while (reader.Read())
            {
                reader.TryGet(source.Roles.Text, out var text);
                ReadOnlySpan<byte> textB = default;
                if (source.Roles.TextB >= 0)
                    reader.TryGet(source.Roles.TextB, out textB);
                clusters.Add(strata.Count, TextFingerprint.Of(text, textB));
                if (source.Roles.Group >= 0 && reader.TryGet(source.Roles.Group, out var group) && !group.IsEmpty)
                    clusters.Add(strata.Count, TextFingerprint.Of("group"u8, group));
                ReadOnlySpan<byte> label = default;
                if (classes && source.Roles.Label >= 0)
                    reader.TryGet(source.Roles.Label, out label);
                strata.Add(StratumOf(label.Trim(Utf8Text.White), labels));
            }
        }
        return strata;
    }

    /// <summary>More labels than any classification has (a regression's) share the last stratum.</summary>
    private static ushort StratumOf(ReadOnlySpan<byte> label, Dictionary<string, ushort> labels)
    {
        const int mostStrata = 1000;
        var name = Encoding.UTF8.GetString(label);
        if (labels.TryGetValue(name, out var known))
            return known;
        return labels.Count == mostStrata ? (ushort)(mostStrata - 1) : labels[name] = (ushort)labels.Count;
    }
}
