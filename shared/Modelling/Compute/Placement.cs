using TorchSharp;
using TransferPipeline.Contracts;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Compute;

/// <summary>Where a model's weights lie, and what its linear layers multiply.</summary>
/// <param name="Device"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
/// <param name="Precision">
/// <c>fp32</c>, or <c>bf16</c>: linear layers multiply bfloat16; weights, norms, sums and updates stay fp32 (Kalamkar et al. 2019).
/// </param>
public sealed record Placement(string Device = "cpu", string Precision = "fp32")
{
    public static IReadOnlyList<string> Precisions { get; } = ["fp32", "bf16"];

    /// <summary>fp32 on the processor.</summary>
    public static Placement Processor { get; } = new();

    /// <exception cref="BadInputException">This machine, or its libtorch, has no such device.</exception>
    public void Check()
    {
        if (!Precisions.Contains(Precision))
            throw new BadInputException($"precision '{Precision}': expected {string.Join(" or ", Precisions)}");
        var offered = ComputeDevices.Offered();
        if (!offered.Contains(Device) && !(Device == "cuda" && offered.Count > 1))
            throw new BadInputException($"device '{Device}': expected one of {string.Join(", ", offered)}");
    }

    /// <summary>Moves the model there; heads that decode by the word embeddings multiply themselves.</summary>
    internal void Put(nn.Module model)
    {
        if (Device != Processor.Device)
            model.to(device(Device));
        foreach (var multiplier in model.modules().Prepend(model).OfType<IMultiplier>())
            multiplier.InBf16 = Precision == "bf16";
    }
}

/// <summary>A layer whose products may be of bfloat16 numbers.</summary>
internal interface IMultiplier
{
    bool InBf16 { set; }
}
