using TorchSharp;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>
/// libtorch's operations on lists of tensors, which TorchSharp does not bind: one native call for all parameters instead
/// of about ten for each.
/// </summary>
internal sealed class TensorLists : IDisposable
{
    // A tensor wrapped as [tensor] inside the script is optimised away: the lists must come from outside.
    private const string Script = """
        def adamw(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], steps: List[Tensor], rate: float, beta1: float, beta2: float, decay: float, eps: float):
            torch._foreach_add_(steps, 1)
            torch._fused_adamw_(parameters, gradients, means, squares, [], steps, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
            return 0

        def norm(tensors: List[Tensor]) -> Tensor:
            return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(tensors, 2)))

        def scale(tensors: List[Tensor], factor: float):
            torch._foreach_mul_(tensors, factor)
            return 0

        def add(tensors: List[Tensor], others: List[Tensor], factor: float):
            torch._foreach_add_(tensors, others, alpha=factor)
            return 0

        """;

    private readonly jit.CompilationUnit _unit = jit.compile(Script);

    /// <summary>One AdamW update of all parameters; <paramref name="steps"/> hold the updates made before it.</summary>
    public void AdamW(
        Tensor[] parameters,
        Tensor[] gradients,
        Tensor[] means,
        Tensor[] squares,
        Tensor[] steps,
        double rate,
        AdamWOptions options,
        double decay
    ) =>
        _unit.invoke(
            "adamw",
            parameters,
            gradients,
            means,
            squares,
            steps,
            rate,
            options.Beta1,
            options.Beta2,
            decay,
            options.Epsilon
        );

    /// <summary>The Euclidean norm of all elements of all tensors.</summary>
    public double Norm(Tensor[] tensors)
    {
        using var norm = (Tensor)_unit.invoke("norm", [tensors]);
        return norm.item<float>();
    }

    /// <summary>Multiplies every element in place.</summary>
    public void Scale(Tensor[] tensors, double factor) => _unit.invoke("scale", tensors, factor);

    /// <summary>Adds a multiple of the other tensors in place.</summary>
    public void Add(Tensor[] tensors, Tensor[] others, double factor) => _unit.invoke("add", tensors, others, factor);

    public void Dispose() => _unit.Dispose();
}
