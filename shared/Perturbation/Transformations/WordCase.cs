namespace TransferPipeline.Perturbation.Transformations;

/// <summary>A capital first letter stays one in the word that stands for another.</summary>
internal static class WordCase
{
    public static string Of(string word, string other) =>
        char.IsUpper(word[0]) && other.Length > 0 ? char.ToUpperInvariant(other[0]) + other[1..] : other;
}
