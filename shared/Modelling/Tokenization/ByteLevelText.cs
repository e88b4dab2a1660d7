using System.Text;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary>
/// What a byte-level token says: each of its letters stands for a byte, those that cannot be printed for themselves by the letters
/// from U+0100 on, in their order (GPT-2's <c>bytes_to_unicode</c>).
/// </summary>
internal static class ByteLevelText
{
    private static readonly Dictionary<char, byte> Bytes = Letters();

    /// <summary>Bytes that are no whole character become U+FFFD.</summary>
    public static string Of(string token) =>
        token.All(Bytes.ContainsKey)
            ? Encoding.UTF8.GetString(Array.ConvertAll(token.ToCharArray(), letter => Bytes[letter]))
            : token;

    private static Dictionary<char, byte> Letters()
    {
        var letters = new Dictionary<char, byte>();
        var further = '\u0100';
        for (var value = 0; value < 256; value++)
            letters[IsItself(value) ? (char)value : further++] = (byte)value;
        return letters;
    }

    private static bool IsItself(int value) => value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
}
