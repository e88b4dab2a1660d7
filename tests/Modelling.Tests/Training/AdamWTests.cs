using TorchSharp;
using TorchSharp.Modules;
using TransferPipeline.Modelling.Training;
using static TorchSharp.torch;
using AdamW = TransferPipeline.Modelling.Training.AdamW;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_the_optimiser_makes_an_update
{
    private static readonly AdamWOptions Plain = new(WeightDecay: 0, L2: 0, ClipNorm: 0);

    // A 1 × 2 weight and a bias of one element; gradients (0.6, -0.8) and 2 at the first update.
    private const double Rate = 0.1;

    [Fact]
    public void The_first_one_moves_each_weight_by_the_rate()
    {
        // With bias correction the first step is rate · g / (|g| + eps).
        var (weight, bias, norm) = Update(Plain);

        Assert.Equal([1 - 0.1f, -2 + 0.1f], weight, new Within(1e-6f));
        Assert.Equal(0.5f - 0.1f, bias, 1e-6f);
        Assert.Equal(Math.Sqrt(0.36 + 0.64 + 4), norm, 1e-6);
    }

    [Fact]
    public void The_second_one_is_bias_corrected()
    {
        var (weight, _, _) = Update(Plain, updates: 2);

        // g = 0.6 then 1.2: m = 0.9·0.06 + 0.1·1.2 = 0.174, /(1 - 0.81); v = 0.999·0.00036 + 0.001·1.44 = 0.00179964, /(1 - 0.998001).
        var second = 0.1 * (0.174 / 0.19) / (Math.Sqrt(0.00179964 / 0.001999) + 1e-8);
        Assert.Equal(1 - 0.1 - second, weight[0], 1e-5);
    }

    [Fact]
    public void Weight_decay_shrinks_weights_and_leaves_biases()
    {
        var (weight, bias, _) = Update(Plain with { WeightDecay = 0.5 });

        Assert.Equal([1 * (1 - 0.1f * 0.5f) - 0.1f, -2 * (1 - 0.1f * 0.5f) + 0.1f], weight, new Within(1e-6f));
        Assert.Equal(0.5f - 0.1f, bias, 1e-6f);
    }

    [Fact]
    public void L2_adds_twice_the_weight_to_the_gradient_and_its_term_to_the_loss()
    {
        using var state = new Small(Plain with { L2 = 0.25 });
        Assert.Equal(0.25 * (1 + 4 + 0.25), state.Optimiser.Penalty(), 1e-6);

        // 0.6 + 0.5·1 = 1.1, -0.8 - 0.5·2 = -1.8, 2 + 0.5·0.5 = 2.25.
        Assert.Equal(Math.Sqrt(1.21 + 3.24 + 5.0625), state.Step(Rate), 1e-5);
        Assert.Equal([0.11f, -0.18f, 0.225f], state.Means(), new Within(1e-6f));
    }

    [Fact]
    public void Gradients_beyond_the_limit_are_scaled_to_it()
    {
        using var state = new Small(Plain with { ClipNorm = 0.5 });
        var norm = state.Step(Rate);

        Assert.Equal(Math.Sqrt(5), norm, 1e-6);
        var factor = (float)(0.5 / (norm + 1e-6));
        Assert.Equal([0.06f * factor, -0.08f * factor, 0.2f * factor], state.Means(), new Within(1e-6f));
    }

    [Fact]
    public void Neutral_values_change_no_bit()
    {
        var plain = Update(Plain, updates: 3);

        Assert.Equal(plain, Update(Plain with { ClipNorm = 1e9 }, updates: 3), new SameBits());
        Assert.Equal(plain, Update(Plain with { ClipNorm = 0, L2 = 0, WeightDecay = 0 }, updates: 3), new SameBits());
    }

    [Fact]
    public void A_parameter_without_gradient_stays()
    {
        using var state = new Small(Plain with { WeightDecay = 0.5 });
        state.Bias.grad = null;
        state.Weight.grad = tensor(
            new[,]
            {
                { 0.6f, -0.8f },
            }
        );
        state.Optimiser.Step(Rate);

        Assert.Equal(0.5f, state.Bias.item<float>());
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var state = new Small(Plain with { WeightDecay = 0.1, L2 = 0.1, ClipNorm = 0.1 });
        state.Step(Rate);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var update = 0; update < 50; update++)
            state.Step(Rate);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static (float[] Weight, float Bias, double Norm) Update(AdamWOptions options, int updates = 1)
    {
        using var state = new Small(options);
        double norm = 0;
        for (var update = 1; update <= updates; update++)
            norm = state.Step(Rate, factor: update);
        return ([.. state.Weight.data<float>()], state.Bias.data<float>()[0], norm);
    }

    private sealed class Small : IDisposable
    {
        private readonly DisposeScope _scope = NewDisposeScope();

        public Small(AdamWOptions options)
        {
            Weight = new Parameter(
                tensor(
                    new[,]
                    {
                        { 1f, -2f },
                    }
                )
            );
            Bias = new Parameter(tensor(new[] { 0.5f }));
            Optimiser = new AdamW([("weight", Weight), ("bias", Bias)], options);
        }

        public Parameter Weight { get; }
        public Parameter Bias { get; }
        public AdamW Optimiser { get; }

        public double Step(double rate, float factor = 1)
        {
            using var scope = NewDisposeScope();
            Optimiser.ZeroGradients();
            using var loss =
                (
                    Weight
                    * tensor(
                        new[,]
                        {
                            { 0.6f, -0.8f },
                        }
                    )
                ).sum() * factor
                + Bias.sum() * 2 * factor;
            loss.backward();
            return Optimiser.Step(rate);
        }

        public float[] Means() =>
            [.. Optimiser.State["mean.weight"].data<float>(), .. Optimiser.State["mean.bias"].data<float>()];

        public void Dispose()
        {
            Optimiser.Dispose();
            _scope.Dispose();
        }
    }

    private sealed class Within(float tolerance) : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(float value) => 0;
    }

    private sealed class SameBits : IEqualityComparer<(float[] Weight, float Bias, double Norm)>
    {
        public bool Equals((float[] Weight, float Bias, double Norm) x, (float[] Weight, float Bias, double Norm) y) =>
            x.Weight.SequenceEqual(y.Weight) && x.Bias == y.Bias && x.Norm == y.Norm;

        public int GetHashCode((float[] Weight, float Bias, double Norm) value) => 0;
    }
}
