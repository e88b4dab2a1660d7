using TransferPipeline.Modelling.Baselines;

namespace TransferPipeline.Modelling.Tests.Baselines;

/// <summary>Small made-up rows: classes around centres that overlap.</summary>
internal static class ToyRows
{
    public static (float[][] Rows, int[] Labels) Draw(int rows, int width, int classes, int seed)
    {
        var random = new Random(seed);
        int[] labels = [.. Enumerable.Range(0, rows).Select(row => row % classes)];
        var values = labels
            .Select(label =>
                Enumerable
                    .Range(0, width)
                    .Select(column =>
                        (float)(random.NextDouble() * 2 - 1 + (column % classes == label ? 0.7 : 0))
                        * (random.Next(3) == 0 ? 0 : 1)
                    )
                    .ToArray()
            )
            .ToArray();
        return (values, labels);
    }

    public static FeatureRows Dense(float[][] rows) => FeatureRows.Dense(rows, rows[0].Length);

    public static FeatureRows Sparse(float[][] rows)
    {
        var offsets = new int[rows.Length + 1];
        var columns = new List<int>();
        var values = new List<float>();
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < rows[row].Length; column++)
            {
                if (rows[row][column] == 0)
                    continue;
                columns.Add(column);
                values.Add(rows[row][column]);
            }
            offsets[row + 1] = columns.Count;
        }
        return FeatureRows.Sparse(rows[0].Length, offsets, [.. columns], [.. values]);
    }

    public static float[][] Predict(IBaselineModel model, FeatureRows rows) =>
        [.. Enumerable.Range(0, rows.Count).Select(row => model.Probabilities(rows, row))];

    public static int Winner(float[] probabilities) => Array.IndexOf(probabilities, probabilities.Max());

    public static T[] Permuted<T>(T[] items, int[] order) => [.. order.Select(i => items[i])];

    public static int[] Order(int count, int seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new Random(seed).Shuffle(order);
        return order;
    }
}
