using System.Text;
using Microsoft.ML.Tokenizers;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary>BERT's words: runs between blanks, every punctuation mark and every ASCII symbol a word of its own.</summary>
internal sealed class BertWords : PreTokenizer
{
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var words = new List<(int, int)>(text.Length / 4);
        var start = 0;
        for (var i = 0; i < text.Length; )
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var length);
            var apart = IsPunctuation(rune);
            if (apart || Rune.IsWhiteSpace(rune))
            {
                if (i > start)
                    words.Add((start, i - start));
                if (apart)
                    words.Add((i, length));
                start = i + length;
            }
            i += length;
        }
        if (text.Length > start)
            words.Add((start, text.Length - start));
        return words;
    }

    private static bool IsPunctuation(Rune rune) =>
        rune.IsAscii
            ? char.IsPunctuation((char)rune.Value) || char.IsSymbol((char)rune.Value)
            : Rune.IsPunctuation(rune);
}
