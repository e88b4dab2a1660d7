using TransferPipeline.Augmentation.Labelling.Models;
using TransferPipeline.Augmentation.Labelling.Votes;
using TransferPipeline.Datasets;

namespace TransferPipeline.Benchmarks.Augmentation;

/// <summary>How long do label models take, from the votes to a probability for each row?</summary>
internal static class LabelModelSpeed
{
    private const int Functions = 10;

    public static void Run(BenchmarkInputs inputs)
    {
        var rows = inputs.Number("rows", 1_000_000);
        var table = Planted(rows);
        var settings = new LabelModelSettings(null, new double?[Functions]);
        Measured.Head("label model", "rows × functions", "patterns", "median s", "least", "most");
        ILabelModel[] models =
        [
            new MajorityVote(),
            new WeightedVote(),
            new DawidSkene(),
            new TripletMethod(),
            new MatrixCompletion(),
        ];
        foreach (var model in models)
        {
            var patterns = 0;
            var seconds = Measured.Seconds(
                inputs.Number("repetitions", 3),
                () =>
                {
                    var votes = new VotePatterns(table);
                    patterns = votes.Count;
                    model.Fit(votes, settings);
                }
            );
            Measured.Row(
                model.Name,
                $"{rows:N0} × {Functions}",
                $"{patterns:N0}",
                Measured.Median(seconds),
                seconds[0],
                seconds[^1]
            );
        }
    }

    /// <summary>Independent votes on two labels, of functions that vote on seven texts of ten.</summary>
    private static VoteTable Planted(int rows)
    {
        var random = new SeededRandom(13, "planted votes");
        var table = new VoteTable([.. Enumerable.Range(0, Functions).Select(f => $"f{f}")], ["no", "yes"], rows);
        for (var row = 0; row < rows; row++)
        {
            var truth = random.Next(2);
            for (var function = 0; function < Functions; function++)
                if (random.Next(10) < 7)
                    table[row, function] = (sbyte)(random.Next(100) < 55 + 4 * function ? truth : 1 - truth);
        }
        return table;
    }
}
