using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_random_numbers_are_drawn_by_position
{
    [Fact]
    public void They_are_the_documented_ones()
    {
        // SplitMix64 as Java's SplittableRandom and Vigna's splitmix64.c give it: key 0 would start with
        // 0xE220A8397B1DCDAF. A stream's key is folded from seed and purpose, computed once here by hand.
        Assert.Equal(
            [Numbers.Expected(13, "order", 0, 1), Numbers.Expected(13, "order", 0, 2)],
            Take(new CounterRandom(13, "order", 0), 2)
        );
    }

    [Fact]
    public void A_position_gives_the_same_number_without_those_before_it()
    {
        var whole = Take(new CounterRandom(7, "masks", 3), 100);
        var late = new CounterRandom(7, "masks", 3) { Position = 60 };

        Assert.Equal(whole[60..], Take(late, 40));
    }

    [Theory]
    [InlineData(8, "masks", 3)]
    [InlineData(7, "order", 3)]
    [InlineData(7, "masks", 4)]
    public void Seed_purpose_and_place_each_give_another_stream(long seed, string purpose, long place)
    {
        Assert.NotEqual(Take(new CounterRandom(7, "masks", 3), 4), Take(new CounterRandom(seed, purpose, place), 4));
    }

    [Fact]
    public void Whole_numbers_are_even_over_their_range()
    {
        var random = new CounterRandom(1, "even");
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
            counts[random.NextInt(7)]++;

        // Chi-square with 6 degrees of freedom: 22.5 is exceeded once in a thousand seeds.
        Assert.InRange(counts.Sum(count => Math.Pow(count - 10_000, 2) / 10_000), 0, 22.5);
    }

    private static ulong[] Take(CounterRandom random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.Next())];

    /// <summary>The formula of the remarks, written out with arbitrary-size numbers.</summary>
    private static class Numbers
    {
        private static readonly System.Numerics.BigInteger Modulus = System.Numerics.BigInteger.One << 64;

        public static ulong Expected(long seed, string purpose, long place, int n)
        {
            var key = Mix(seed + Golden);
            foreach (var letter in purpose)
                key = Mix(key ^ (letter + Golden) % Modulus);
            key = Mix(key ^ (place + Golden) % Modulus);
            return (ulong)Mix(key + n * Golden);
        }

        private static readonly System.Numerics.BigInteger Golden = 0x9E3779B97F4A7C15;

        private static System.Numerics.BigInteger Mix(System.Numerics.BigInteger z)
        {
            z %= Modulus;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % Modulus;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB % Modulus;
            return z ^ (z >> 31);
        }
    }
}

public sealed class When_examples_are_put_into_batches
{
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 1003).Select(row => 3 + row * 7919 % 97)];

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void Every_epoch_reads_every_example_once(int window)
    {
        var order = new BatchOrder(Lengths, batch: 16, window, seed: 13);

        Assert.Equal(63, order.PerEpoch);
        for (var epoch = 0; epoch < 3; epoch++)
            Assert.Equal(
                Enumerable.Range(0, Lengths.Length),
                Enumerable.Range(epoch * 63, 63).SelectMany(update => order.At(update)).Order()
            );
    }

    [Fact]
    public void An_update_has_its_batch_whatever_was_asked_before()
    {
        var all = new BatchOrder(Lengths, 16, 16, 13);
        var batches = Enumerable.Range(0, 150).Select(update => all.At(update)).ToArray();

        Assert.Equal(batches[100], new BatchOrder(Lengths, 16, 16, 13).At(100));
    }

    [Fact]
    public void Windows_save_padding()
    {
        Assert.True(Padded(new BatchOrder(Lengths, 16, 16, 13)) < 0.85 * Padded(new BatchOrder(Lengths, 16, 1, 13)));
    }

    [Fact]
    public void Few_examples_meet_new_company_in_each_epoch()
    {
        var order = new BatchOrder(Lengths[..32], batch: 16, window: 16, seed: 13);
        var companies = Enumerable
            .Range(0, 100)
            .Select(epoch => string.Join(' ', order.At(epoch * 2).Concat([-1]).Order()))
            .Distinct();

        Assert.Equal(100, companies.Count());
    }

    [Fact]
    public void Another_seed_gives_another_order()
    {
        Assert.NotEqual(new BatchOrder(Lengths, 16, 1, 13).At(0), new BatchOrder(Lengths, 16, 1, 21).At(0));
    }

    private static int Padded(BatchOrder order) =>
        Enumerable.Range(0, order.PerEpoch).Sum(update => order.At(update).Max(row => Lengths[row]) * 16);
}

public sealed class When_the_number_of_updates_is_decided
{
    [Theory]
    [InlineData(null, null, 32, 2, 400)]
    [InlineData(null, null, 999, 63, 400)]
    [InlineData(null, null, 1000, 63, 189)]
    [InlineData(null, null, 6920, 433, 1299)]
    [InlineData(400, 3, 6920, 433, 1299)]
    [InlineData(400, 3, 128, 8, 400)]
    [InlineData(20, null, 32, 2, 20)]
    [InlineData(null, 5, 32, 2, 10)]
    public void The_larger_count_is_made_and_never_few_on_a_small_set(
        int? updates,
        int? epochs,
        int examples,
        int perEpoch,
        long expected
    )
    {
        Assert.Equal(expected, TrainingLength.Updates(updates, epochs, examples, perEpoch));
    }
}

public sealed class When_the_learning_rate_is_scheduled
{
    [Fact]
    public void The_golden_rates_are_met()
    {
        var schedule = new LinearSchedule(0.001, 2, 10);

        Assert.Equal(
            [0.0, 0.0005, 0.001, 0.000875, 0.00075, 0.000625, 0.0005, 0.000375, 0.00025, 0.000125],
            Enumerable.Range(0, 10).Select(update => Math.Round(schedule.RateAt(update), 12))
        );
    }

    [Fact]
    public void Without_warm_up_it_starts_at_its_peak()
    {
        Assert.Equal(5e-5, LinearSchedule.OfShare(5e-5, 0, 400).RateAt(0));
        Assert.Equal(0, LinearSchedule.OfShare(5e-5, 0.1, 400).RateAt(0));
        Assert.Equal(5e-5, LinearSchedule.OfShare(5e-5, 0.1, 400).RateAt(40));
    }
}

public sealed class When_scores_on_the_selection_split_arrive
{
    [Fact]
    public void The_earlier_of_two_equal_scores_is_kept_and_patience_runs_out()
    {
        var selection = new Selection(patience: 2);

        Assert.True(selection.Offer(50, 0.7));
        Assert.True(selection.Offer(100, 0.8));
        Assert.False(selection.Offer(150, 0.8));
        Assert.False(selection.Exhausted);
        Assert.False(selection.Offer(200, 0.5));
        Assert.True(selection.Exhausted);
        Assert.Equal(new SelectionState(0.8, 100, 2), selection.State);
    }

    [Fact]
    public void A_gain_no_larger_than_the_threshold_is_kept_and_waited_past()
    {
        var selection = new Selection(patience: 2, gain: 0.25);

        Assert.True(selection.Offer(50, 0.5));
        Assert.True(selection.Offer(100, 0.75)); // by 0.25, not by more
        Assert.Equal(new SelectionState(0.75, 100, 1), selection.State);
        Assert.True(selection.Offer(150, 1.25));
        Assert.Equal(new SelectionState(1.25, 150, 0), selection.State);
        Assert.True(selection.Offer(200, 1.375));
        Assert.False(selection.Exhausted);
        Assert.False(selection.Offer(250, 1.25));
        Assert.True(selection.Exhausted);
        Assert.Equal(new SelectionState(1.375, 200, 2), selection.State);
    }

    [Fact]
    public void Without_patience_training_goes_on()
    {
        var selection = new Selection(patience: 0);
        for (var update = 0; update < 100; update++)
            selection.Offer(update, -update);

        Assert.False(selection.Exhausted);
    }
}

public sealed class When_tokens_are_masked
{
    private static readonly HashSet<int> Special = [0, 1, 2, 3, 4];

    [Fact]
    public void Fifteen_in_a_hundred_are_chosen_and_eighty_ten_ten_of_them_changed()
    {
        var masking = new MaskedTokens(0.15, mask: 4, vocabulary: 30_000, Special);
        var tokens = Enumerable.Range(0, 200_000).Select(i => 1000 + i % 20_000).ToArray();
        var before = tokens.ToArray();

        var labels = masking.Corrupt(tokens, new CounterRandom(13, "masks", 0));

        var chosen = Enumerable.Range(0, tokens.Length).Where(i => labels[i] != MaskedTokens.Ignored).ToArray();
        Assert.InRange(chosen.Length, 29_500, 30_500);
        Assert.All(chosen, i => Assert.Equal(before[i], labels[i]));
        Assert.InRange(chosen.Count(i => tokens[i] == 4) / (double)chosen.Length, 0.79, 0.81);
        Assert.InRange(chosen.Count(i => tokens[i] == before[i]) / (double)chosen.Length, 0.09, 0.11);
        Assert.All(Enumerable.Range(0, tokens.Length).Except(chosen), i => Assert.Equal(before[i], tokens[i]));
    }

    [Fact]
    public void Special_tokens_stay_and_a_short_text_still_has_one_to_predict()
    {
        var masking = new MaskedTokens(0.15, mask: 4, vocabulary: 30_000, Special);
        for (var update = 0; update < 200; update++)
        {
            int[] tokens = [2, 500, 501, 3, 0, 0];
            var labels = masking.Corrupt(tokens, new CounterRandom(13, "masks", update));

            Assert.Equal([2, 3, 0, 0], tokens.Where((_, i) => i is not (1 or 2)));
            Assert.Contains(labels, label => label is 500 or 501);
        }
    }

    [Fact]
    public void The_same_place_in_training_is_masked_alike_and_another_otherwise()
    {
        var masking = new MaskedTokens(0.15, mask: 4, vocabulary: 30_000, Special);
        int[] Masked(long update)
        {
            var tokens = Enumerable.Range(100, 60).ToArray();
            masking.Corrupt(tokens, new CounterRandom(13, "masks", update));
            return tokens;
        }

        Assert.Equal(Masked(5), Masked(5));
        Assert.NotEqual(Masked(5), Masked(6));
    }
}
