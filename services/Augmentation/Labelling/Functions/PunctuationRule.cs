namespace TransferPipeline.Augmentation.Labelling.Functions;

/// <summary>Votes where at least <c>min</c> (1) of the characters of a text are among some marks: <c>punctuation: "!?"</c>.</summary>
internal static class PunctuationRule
{
    public static ILabellingFunction Read(string name, double? weight, YamlBlock block, FunctionContext context)
    {
        var marks = System.Buffers.SearchValues.Create(block.Text("punctuation")!);
        var least = Math.Max(1, block.Whole("min") ?? 1);
        return new TextRule(name, weight, context.Label(block), (text, _) => Count(text) >= least);

        int Count(ReadOnlySpan<char> text)
        {
            var count = 0;
            for (int next; (next = text.IndexOfAny(marks)) >= 0; text = text[(next + 1)..])
                count++;
            return count;
        }
    }
}
