using TorchSharp.Modules;
using TorchSharp.Utils;
using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Layers;

/// <summary>One row of a matrix per id; the matrix is at hand for a decoder tied to it.</summary>
internal sealed class Embedding : Module<Tensor, Tensor>
{
    private readonly long? _padding;

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight; // (rows, D)

    /// <param name="padding">An id whose row learns nothing from being read; null for none.</param>
    public Embedding(long rows, long width, long? padding = null)
        : base(nameof(Embedding))
    {
        _padding = padding;
        _weight = new(empty(rows, width));
        RegisterComponents();
    }

    public Tensor Weight => _weight;

    public override Tensor forward(Tensor ids) // (B, T) → (B, T, D)
    {
        using var scope = NewDisposeScope();
        var flat = ids.flatten();
        var rows = _weight.index_select(0, flat); // (B · T, D)
        if (_padding is { } padding && rows.requires_grad)
            rows = where(flat.ne(Scalars.Of(padding)).unsqueeze(1), rows, rows.detach());
        return rows.view([ids.size(0), ids.size(1), _weight.size(1)]).MoveToOuterDisposeScope();
    }
}
