using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Layers;

/// <summary>ActivationFunctions by the names that <c>config.json</c> gives them.</summary>
internal static class ActivationFunctions
{
    public static readonly IReadOnlyDictionary<string, Func<Tensor, Tensor>> ByName = new SortedDictionary<
        string,
        Func<Tensor, Tensor>
    >(StringComparer.Ordinal)
    {
        ["gelu"] = x => x.gelu(),
        ["gelu_new"] = x => x.gelu(GELU.Approximate.tanh),
        ["gelu_pytorch_tanh"] = x => x.gelu(GELU.Approximate.tanh),
        ["relu"] = x => x.relu(),
        ["silu"] = x => x.silu(),
        ["tanh"] = x => x.tanh(),
    };
}
