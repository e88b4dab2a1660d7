using CsCheck;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Modelling.Tests.Inference;

public sealed class When_sequences_become_batches
{
    private const int BatchCost = 100;

    private static readonly Gen<int[]> Lengths = Gen.Int[1, 600].Array[0, 200];

    [Fact]
    public void Each_is_in_one_batch_and_none_has_too_many_rows_or_tokens() =>
        Lengths.Sample(lengths =>
        {
            var batches = LengthBatches.Of(lengths, BatchCost).ToList();

            Assert.Equal(Enumerable.Range(0, lengths.Length), batches.SelectMany(rows => rows).Order());
            Assert.All(batches, rows => Assert.InRange(rows.Length, 1, LengthBatches.MostRows));
            Assert.All(batches, rows => Assert.InRange(Tokens(rows, lengths), 1, LengthBatches.MostTokens));
            var longest = batches.Select(rows => rows.Max(row => lengths[row])).ToList();
            Assert.Equal(longest.OrderDescending(), longest);
        });

    [Fact]
    public void No_other_cut_costs_less() =>
        Gen.Int[1, 40]
            .Array[1, 10]
            .Sample(lengths =>
            {
                var cost = LengthBatches.Of(lengths, BatchCost).Sum(rows => BatchCost + Tokens(rows, lengths));

                int[] sorted = [.. lengths.OrderDescending()];
                Assert.Equal(Cuts(sorted).Min(), cost);
            });

    [Fact]
    public void A_longer_one_than_a_batch_may_hold_has_a_batch_of_its_own() =>
        Assert.Equal(
            [
                [1],
                [0, 2],
            ],
            LengthBatches.Of([3, 10_000, 2], BatchCost)
        );

    [Fact]
    public void Where_a_batch_costs_much_there_are_as_few_as_can_be() =>
        Assert.Equal(
            [50, 50],
            LengthBatches.Of([.. Enumerable.Range(1, 100)], LengthBatches.MostTokens).Select(rows => rows.Length)
        );

    private static int Tokens(int[] rows, int[] lengths) => rows.Length * rows.Max(row => lengths[row]);

    /// <summary>What each way to cut them costs.</summary>
    private static IEnumerable<int> Cuts(int[] sorted)
    {
        if (sorted.Length == 0)
            return [0];
        return Enumerable
            .Range(1, sorted.Length)
            .SelectMany(count => Cuts(sorted[count..]).Select(rest => BatchCost + count * sorted[0] + rest));
    }
}
