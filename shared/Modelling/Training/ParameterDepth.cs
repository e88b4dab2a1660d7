using System.Globalization;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>How deep in a model with a head a parameter lies: 0 for embeddings, n for block n, one more for what comes after.</summary>
public static partial class ParameterDepth
{
    /// <summary>The number of blocks of the model's encoder.</summary>
    public static int Blocks(nn.Module model) =>
        model.named_parameters().Select(entry => BlockOf(entry.name)).Max() ?? 0;

    /// <param name="name">As the model names it.</param>
    /// <param name="blocks">Of the encoder.</param>
    public static int Of(string name, int blocks) =>
        BlockOf(name)
        ?? (
            name.StartsWith("encoder.", StringComparison.Ordinal)
            && !name.StartsWith("encoder.norm.", StringComparison.Ordinal) // GPT-2's last
                ? 0
                : blocks + 1
        );

    /// <summary>Embeddings and the first blocks learn nothing; 0 leaves all as it is.</summary>
    public static void Freeze(nn.Module model, int blocks)
    {
        if (blocks == 0)
            return;
        var all = Blocks(model);
        foreach (var (name, parameter) in model.named_parameters())
            if (Of(name, all) <= blocks)
                parameter.requires_grad = false;
    }

    private static int? BlockOf(string name) =>
        Block().Match(name) is { Success: true } block
            ? 1 + int.Parse(block.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex(@"(?:^|\.)blocks\.(\d+)\.")]
    private static partial Regex Block();
}
