using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Layers;

public sealed class When_dropout_asks_for_masks
{
    private static readonly BertConfig Small = new()
    {
        VocabularySize = 100,
        Width = 32,
        Blocks = 2,
        Heads = 4,
        FeedForwardWidth = 64,
        MaxTokens = 32,
    };

    [Fact]
    public void The_share_it_zeroes_and_the_mean_it_keeps_are_those_of_the_rate()
    {
        using var scope = NewDisposeScope();
        var masks = new DropoutMasks(7);

        var mask = masks.Next([1000, 1001], DropoutMasks.Threshold(0.1), ScalarType.Float32, CPU);

        Assert.Equal(0.1, mask.eq(0).to(ScalarType.Float32).mean().item<float>(), 0.001);
        Assert.Equal(1, mask.mean().item<float>(), 0.001);
        Assert.Equal(1 / 0.9, mask.max().item<float>(), 1e-5);
        var neighbours = mask[.., ..1000].mul(mask[.., 1..]).mean().item<float>();
        Assert.Equal(1, neighbours, 0.002);
    }

    [Fact]
    public void Masks_depend_on_seed_update_and_call_and_on_nothing_else()
    {
        using var scope = NewDisposeScope();
        Tensor Third(long seed, long update, int calls)
        {
            var masks = new DropoutMasks(seed);
            masks.Begin(5);
            masks.Next([3], 6554, ScalarType.Float32, CPU);
            masks.Begin(update);
            for (var i = 1; i < calls; i++)
                masks.Next([77], 6554, ScalarType.Float32, CPU);
            return masks.Next([50, 50], 6554, ScalarType.Float32, CPU);
        }

        var mask = Third(1, 9, 3);
        Assert.Equal(0, Golden.Distance(mask, Third(1, 9, 3)));
        Assert.NotEqual(0, Golden.Distance(mask, Third(2, 9, 3)));
        Assert.NotEqual(0, Golden.Distance(mask, Third(1, 10, 3)));
        Assert.NotEqual(0, Golden.Distance(mask, Third(1, 9, 4)));
    }

    [Fact]
    public void The_start_of_a_longer_mask_is_the_shorter_one()
    {
        using var scope = NewDisposeScope();
        var whole = new DropoutMasks(3).Next([1000], 30000, ScalarType.Float32, CPU);

        for (var length = 1; length < 40; length++)
        {
            var part = new DropoutMasks(3).Next([length], 30000, ScalarType.Float32, CPU);
            Assert.Equal(0, Golden.Distance(whole[..length], part));
        }
    }

    [Fact]
    public void What_is_zeroed_is_the_same_in_every_type()
    {
        using var scope = NewDisposeScope();
        foreach (var length in new[] { 1L, 15, 16, 17, 1000 })
        {
            var exact = new DropoutMasks(3).Next([length], 6554, ScalarType.Float32, CPU);
            var rounded = new DropoutMasks(3).Next([length], 6554, ScalarType.BFloat16, CPU);

            Assert.Equal(ScalarType.BFloat16, rounded.dtype);
            Assert.Equal(0, Golden.Distance(exact.to(ScalarType.BFloat16), rounded));
        }
    }

    [Fact]
    public void Scaling_what_comes_of_it_is_the_same_as_scaling_what_is_kept()
    {
        using var scope = NewDisposeScope();
        var (scaled, unscaled) = (new Dropout(0.3, new(7)), new Dropout(0.3, new(7)));
        var input = randn([50, 40]);

        var kept = unscaled.Unscaled(input);

        Assert.Equal(0, Golden.Distance(scaled.call(input), kept.mul(unscaled.Scale)));
        Assert.True(kept.eq(0).logical_or(kept.eq(input)).all().item<bool>());
    }

    [Theory]
    [InlineData(1, 6554)]
    [InlineData(16, 6554)]
    [InlineData(999, 1)]
    [InlineData(1000, 32768)]
    [InlineData(100_001, 65535)]
    public void What_is_drawn_where_it_is_needed_is_the_same(int length, int threshold)
    {
        using var scope = NewDisposeScope();
        var random = new Random(5);
        for (var draw = 0; draw < 20; draw++)
        {
            var key = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            var filled = DropoutMasks.Filled<byte>([length], ScalarType.Bool, key, threshold, 1);
            var there = device(Golden.Evaluation.Placement.Device);
            var drawn = MaskKernel.Next([length], key, threshold, there).cpu();
            Assert.Equal(filled.data<bool>().ToArray(), drawn.data<bool>().ToArray());
        }
    }

    [Fact]
    public void At_rate_nought_and_in_evaluation_a_model_computes_the_same_bits()
    {
        using var scope = NewDisposeScope();
        using var evaluated = MaskedLanguageModel.Create(Small, new() { Seed = 1, Masks = new(2) });
        using var withoutDropout = MaskedLanguageModel.Create(Small, new() { Seed = 1, Dropout = 0 });
        evaluated.eval();
        withoutDropout.train();

        Assert.Equal(0, Golden.Distance(evaluated.call(Batch()), withoutDropout.call(Batch())));
        evaluated.train();
        Assert.NotEqual(0, Golden.Distance(evaluated.call(Batch()), withoutDropout.call(Batch())));
    }

    [Fact]
    public void The_attention_that_dropout_needs_agrees_with_the_fused_one()
    {
        using var scope = NewDisposeScope();
        // Drops one value in 65,536; none of the few thousand here under this seed.
        using var model = MaskedLanguageModel.Create(
            Small,
            new()
            {
                Seed = 1,
                Masks = new(4),
                Dropout = 1 / 65536.0,
            }
        );
        model.eval();
        var fused = model.call(Batch());
        model.train();

        Assert.InRange(Golden.Distance(fused, model.call(Batch()), Batch().Present), 0, 1e-4);
    }

    [Fact]
    public void A_model_opened_without_masks_does_not_train_with_dropout()
    {
        using var scope = NewDisposeScope();
        using var model = MaskedLanguageModel.Create(Small, new() { Seed = 1 });
        model.train();

        Assert.Throws<InvalidOperationException>(() => model.call(Batch()));
    }

    [Fact]
    public void A_step_leaves_no_tensor_and_the_process_wide_generator_untouched()
    {
        using var model = MaskedLanguageModel.Create(Small, new() { Seed = 1, Masks = new(2) });
        using var before = get_rng_state();
        model.train();
        Step();
        var live = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        for (var i = 0; i < 3; i++)
            Step();

        Assert.Equal(live, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        using var after = get_rng_state();
        using var equal = before.equal(after);
        using var all = equal.all();
        Assert.True(all.item<bool>());

        void Step()
        {
            using var scope = NewDisposeScope();
            var loss = model.Loss(model.call(Batch()), Batch().Ids);
            loss.backward();
            foreach (var parameter in model.parameters())
                parameter.grad = null;
        }
    }

    private static TokenBatch Batch() =>
        TokenBatch.Of([new([2, 9, 8, 7, 3], 5), new([2, 11, 3, 12, 3, 15, 16, 3], 3), new([2, 3], 2)], 0);
}
