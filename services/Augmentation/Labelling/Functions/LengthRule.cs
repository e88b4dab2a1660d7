namespace TransferPipeline.Augmentation.Labelling.Functions;

/// <summary>Votes where a text has at least <c>min</c> and at most <c>max</c> words, or characters.</summary>
internal static class LengthRule
{
    public static ILabellingFunction Read(string name, double? weight, YamlBlock block, FunctionContext context)
    {
        var unit = block.Text("length")!;
        if (unit is not ("words" or "characters"))
            throw block.Fault("length", $"'{unit}' does not fit; expected words or characters");
        var (least, most) = (block.Whole("min") ?? 0, block.Whole("max") ?? int.MaxValue);
        if (least > most || (least == 0 && most == int.MaxValue))
            throw block.Fault("length", "expected min, max or both, min not above max");
        return new TextRule(
            name,
            weight,
            context.Label(block),
            (text, _) =>
                (unit == "words" ? Words(text) : text.Length) is var length && length >= least && length <= most
        );
    }

    private static int Words(string text)
    {
        var (words, inside) = (0, false);
        foreach (var letter in text)
        {
            words += !inside && !char.IsWhiteSpace(letter) ? 1 : 0;
            inside = !char.IsWhiteSpace(letter);
        }
        return words;
    }
}
