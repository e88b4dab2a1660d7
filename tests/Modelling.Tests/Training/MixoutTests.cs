using TorchSharp;
using TorchSharp.Modules;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Training;
using static TorchSharp.torch;
using Linear = TransferPipeline.Modelling.Layers.Linear;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_weights_are_mixed_with_what_they_were
{
    private const float Rate = 0.5f; // a threshold without rounding

    public static TheoryData<string> Architectures => Golden.Heads("sequence-classification");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_input_meets_the_old_weights_or_the_scaled_new_ones(bool transposed)
    {
        using var scope = NewDisposeScope();
        using var network = new OneLayer(transposed);
        var (begun, now) = Mixed(network, out var mixout, out var mixed, update: 3);
        mixout.Dispose();

        // (outputs, inputs)
        if (transposed)
            (begun, now, mixed) = (begun.t(), now.t(), mixed.t());
        var replaced = 0;
        for (var input = 0; input < OneLayer.Inputs; input++)
        {
            var (u, w, m) = (Column(begun, input), Column(now, input), Column(mixed, input));
            if (m.SequenceEqual(u))
                replaced++;
            else
                Assert.All(
                    w.Zip(u, (weight, old) => (weight - Rate * old) / (1 - Rate)).Zip(m),
                    pair => Assert.Equal(pair.First, pair.Second, 1e-6f)
                );
        }
        Assert.InRange(replaced, 10, OneLayer.Inputs - 10);
    }

    [Fact]
    public void Gradients_are_those_of_the_weights_before_they_were_mixed()
    {
        using var scope = NewDisposeScope();
        using var network = new OneLayer(transposed: false);
        var (begun, now) = Mixed(network, out var mixout, out var mixed, update: 1);
        var input = arange(OneLayer.Inputs, dtype: ScalarType.Float32).view(1, OneLayer.Inputs).div(50);
        network.call(input).pow(2).sum().backward();
        using (no_grad())
            mixout.End();

        var replaced = mixed.sub(begun).abs().sum(0, keepdim: true).eq(0); // (1, inputs)
        var weight = now.detach().clone().requires_grad_();
        var mask = where(replaced, 0f, 1 / (1 - Rate));
        var expected = begun.add(weight.sub(begun).mul(mask));
        nn.functional.linear(input, expected).pow(2).sum().backward();

        Assert.True(Golden.Distance(weight.grad!, network.Weight.grad!) < 1e-4);
        Assert.Equal(0, Golden.Distance(network.Weight, now));
        mixout.Dispose();
    }

    [Fact]
    public void Over_many_updates_their_mean_is_that_of_the_weights()
    {
        using var scope = NewDisposeScope();
        using var network = new OneLayer(transposed: false);
        using var mixout = new Mixout(network, new(0.3, 0, Seed: 13));
        using var none = no_grad();
        var begun = network.Weight.clone();
        network.Weight.add_(0.1);
        var now = network.Weight.clone();
        var sum = zeros_like(now);
        for (var update = 0; update < 4000; update++)
        {
            using var inner = NewDisposeScope();
            mixout.Begin(update);
            sum.add_(network.Weight);
            mixout.End();
        }

        // Each is u or u + 0.1 / 0.7: a standard error of 0.001 after 4,000 draws.
        Assert.True(Golden.Distance(sum.div(4000), now) < 0.005);
        Assert.True(Golden.Distance(begun, now) > 0.09);
    }

    [Fact]
    public void Draws_depend_on_seed_and_update_alone()
    {
        using var scope = NewDisposeScope();
        string Draw(long update, long seed)
        {
            using var network = new OneLayer(transposed: false);
            Mixed(network, out var mixout, out var mixed, update, seed);
            mixout.Dispose();
            return string.Join(' ', mixed.data<float>().ToArray());
        }

        Assert.Equal(Draw(5, 13), Draw(5, 13));
        Assert.NotEqual(Draw(5, 13), Draw(6, 13));
        Assert.NotEqual(Draw(5, 13), Draw(5, 14));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void The_linear_layers_of_blocks_that_learn_and_are_not_new_are_mixed(string folder)
    {
        using var model = SequenceClassification.Open(folder, ModelSettings.Evaluation);
        Assert.All(Names(0), name => Assert.Matches(@"\.(layer|h)\.[012]\..*weight$", name));
        Assert.DoesNotContain(Names(0), name => name.Contains("norm", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(folder.Contains("gpt2") ? 12 : 18, Names(0).Count);

        ParameterDepth.Freeze(model, 1);
        Assert.All(Names(1), name => Assert.Matches(@"\.(layer|h)\.1\.", name));
        Assert.Equal(folder.Contains("gpt2") ? 4 : 6, Names(1).Count);

        List<string> Names(int newTop)
        {
            using var mixout = new Mixout(model, new(Rate, newTop, 13));
            var mixed = mixout.Weights.Select(weight => weight.Handle).ToHashSet();
            return
            [
                .. model
                    .named_parameters()
                    .Where(entry => mixed.Contains(entry.parameter.Handle))
                    .Select(entry => model.Names.InCheckpoint(entry.name)),
            ];
        }
    }

    /// <summary>Moves the weights on, and mixes them; returns what they were and what they are.</summary>
    private static (Tensor Begun, Tensor Now) Mixed(
        OneLayer network,
        out Mixout mixout,
        out Tensor mixed,
        long update,
        long seed = 13
    )
    {
        using var none = no_grad();
        mixout = new Mixout(network, new(Rate, 0, seed));
        var begun = network.Weight.clone();
        network.Weight.mul_(1.5).add_(0.25);
        var now = network.Weight.clone();
        mixout.Begin(update);
        mixed = network.Weight.clone();
        return (begun, now);
    }

    private static float[] Column(Tensor matrix, int column) =>
        matrix.select(1, column).contiguous().data<float>().ToArray();

    private sealed class OneLayer : nn.Module<Tensor, Tensor>
    {
        public const int Inputs = 60;

        [TorchSharp.Utils.ComponentName(Name = "blocks")]
        private readonly ModuleList<Linear> _blocks;

        public OneLayer(bool transposed)
            : base(nameof(OneLayer))
        {
            _blocks = new(new Linear(Inputs, 4, bias: false, transposed));
            RegisterComponents();
            using var none = no_grad();
            Weight.copy_(arange(Inputs * 4, dtype: ScalarType.Float32).div(100).cos().view(Weight.shape));
        }

        public Parameter Weight => _blocks[0].Weight;

        public override Tensor forward(Tensor input) => _blocks[0].call(input);
    }
}
