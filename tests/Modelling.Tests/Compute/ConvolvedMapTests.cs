using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Tests.Compute;

public sealed class When_a_linear_map_is_a_convolution
{
    [Theory]
    [InlineData(60, 384, 384)]
    [InlineData(200, 384, 1536)]
    [InlineData(200, 1536, 384)]
    public void Result_and_gradients_are_those_of_the_product(long rows, long from, long to)
    {
        using var scope = NewDisposeScope();
        var values = Drawn(rows, from, to);
        var gradient = randn(rows, to);

        var product = values.Copy();
        functional.linear(product.Input, product.Weight, product.Bias).backward([gradient]);
        var convolved = values.Copy();
        var result = ConvolvedMap.Of(convolved.Input, convolved.Weight, convolved.Bias);
        result.backward([gradient]);

        Near(functional.linear(values.Input, values.Weight, values.Bias), result);
        Near(product.Input.grad!, convolved.Input.grad!);
        Near(product.Weight.grad!, convolved.Weight.grad!);
        Near(product.Bias.grad!, convolved.Bias.grad!);
    }

    [Fact]
    public void Leading_dimensions_and_inputs_with_gaps_are_kept()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var (_, weight, bias) = Drawn(1, 384, 512);
        var input = randn(4, 384, 20).transpose(1, 2); // (4, 20, 384), not contiguous

        var result = ConvolvedMap.Of(input, weight, bias);

        Assert.Equal([4, 20, 512], result.shape);
        Assert.True(result.is_contiguous());
        Near(functional.linear(input, weight, bias), result);
    }

    [Theory]
    [InlineData(384, 384)]
    [InlineData(384, 1536)]
    [InlineData(1536, 384)]
    public void Neither_threads_nor_other_rows_change_a_bit(long from, long to)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var (input, weight, bias) = Drawn(300, from, to);
        try
        {
            new ComputeOptions(1).Apply();
            var one = ConvolvedMap.Of(input, weight, bias);
            var few = ConvolvedMap.Of(input[..70], weight, bias);
            new ComputeOptions(2).Apply();
            var two = ConvolvedMap.Of(input, weight, bias);

            Assert.True(one.equal(two).all().item<bool>());
            Assert.True(one[..70].equal(few).all().item<bool>());
        }
        finally
        {
            ComputeOptions.AllProcessors.Apply();
        }
    }

    [Theory]
    [InlineData(60, 384, 384, true)]
    [InlineData(50, 384, 384, false)] // libtorch would convolve so few numbers itself
    [InlineData(1600, 384, 2, false)] // a classifier's output
    [InlineData(300, 384, 30_522, false)] // a vocabulary's weights fit in no cache
    public void It_is_left_to_products_where_it_does_not_pay(long rows, long from, long to, bool suits)
    {
        using var weight = empty(to, from);

        Assert.Equal(suits, rows >= ConvolvedMap.LeastRowsAnywhere(weight));
    }

    private static (Tensor Input, Tensor Weight, Tensor Bias) Drawn(long rows, long from, long to)
    {
        using var generator = new Generator(13);
        return (
            randn([rows, from], generator: generator),
            randn([to, from], generator: generator),
            randn([to], generator: generator)
        );
    }

    private static void Near(Tensor expected, Tensor actual) =>
        Assert.InRange((expected - actual).abs().max().item<float>() / expected.abs().max().item<float>(), 0, 1e-5);
}

file static class Values
{
    public static (Tensor Input, Tensor Weight, Tensor Bias) Copy(
        this (Tensor Input, Tensor Weight, Tensor Bias) values
    ) =>
        (
            values.Input.clone().requires_grad_(),
            values.Weight.clone().requires_grad_(),
            values.Bias.clone().requires_grad_()
        );
}
