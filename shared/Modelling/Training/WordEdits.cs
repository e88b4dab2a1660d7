using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Modelling.Training;

/// <summary>Small changes of a text that its label should outlive; of a pair both texts change. One word always stays.</summary>
/// <param name="Kind"><c>delete</c>, <c>swap</c> or <c>cut-off</c>.</param>
/// <param name="Rate">Share of the words that are touched.</param>
public sealed record WordEdits(string Kind, double Rate)
{
    /// <summary>The text itself where the rate is 0.</summary>
    public ModelText Apply(ModelText text, CounterRandom random) =>
        Rate == 0 ? text : new(Apply(text.First, random), text.Second is null ? null : Apply(text.Second, random));

    private string Apply(string text, CounterRandom random)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2)
            return text;
        return string.Join(
            ' ',
            Kind switch
            {
                "delete" => Delete(words, random),
                "swap" => Swap(words, random),
                "cut-off" => CutOff(words, random),
                _ => throw new ArgumentOutOfRangeException(nameof(text), Kind, "delete, swap or cut-off"),
            }
        );
    }

    /// <summary>Each word by itself (Wei and Zou 2019).</summary>
    private IEnumerable<string> Delete(string[] words, CounterRandom random)
    {
        var kept = words.Where(_ => random.NextDouble() >= Rate).ToList();
        return kept.Count > 0 ? kept : [words[random.NextInt(words.Length)]];
    }

    /// <summary>Neighbours, one pair for each word that the rate asks for.</summary>
    private string[] Swap(string[] words, CounterRandom random)
    {
        for (var swaps = Touched(words); swaps > 0; swaps--)
        {
            var left = random.NextInt(words.Length - 1);
            (words[left], words[left + 1]) = (words[left + 1], words[left]);
        }
        return words;
    }

    /// <summary>A span of neighbours (Shen et al. 2020, whose cut-off zeroes their vectors).</summary>
    private string[] CutOff(string[] words, CounterRandom random)
    {
        var length = Math.Min(Touched(words), words.Length - 1);
        var from = random.NextInt(words.Length - length + 1);
        return [.. words[..from], .. words[(from + length)..]];
    }

    private int Touched(string[] words) => (int)Math.Ceiling(Rate * words.Length);
}
