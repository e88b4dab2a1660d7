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

        def average(averages: List[Tensor], values: List[Tensor], decay: float):
            torch._foreach_sub_(averages, values)
            torch._foreach_mul_(averages, decay)
            torch._foreach_add_(averages, values)
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
        Invoke(
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
        using var norm = (Tensor)Invoke("norm", [tensors])!;
        return norm.item<float>();
    }

    /// <summary>Multiplies every element in place.</summary>
    public void Scale(Tensor[] tensors, double factor) => Invoke("scale", tensors, factor);

    /// <summary>Adds a multiple of the other tensors in place.</summary>
    public void Add(Tensor[] tensors, Tensor[] others, double factor) => Invoke("add", tensors, others, factor);

    /// <summary>Moves each average to decay · average + (1 − decay) · value; what has not changed stays bit for bit.</summary>
    public void Average(Tensor[] averages, Tensor[] values, double decay) => Invoke("average", averages, values, decay);

    public void Dispose() => _unit.Dispose();

    /// <remarks>
    /// Of a double TorchSharp makes a scalar that nothing holds until the native call has read it: a collection of memory in
    /// between frees it, and another number, or an error, comes of it. So the scalars are made and held here.
    /// </remarks>
    private object? Invoke(string name, params object[] arguments)
    {
        object[] held = [.. arguments.Select(argument => argument is double number ? number.ToScalar() : argument)];
        try
        {
            return _unit.invoke(name, held);
        }
        finally
        {
            foreach (var scalar in held.OfType<Scalar>())
                scalar.Dispose();
        }
    }
}
