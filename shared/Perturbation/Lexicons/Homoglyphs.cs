using System.Text;

namespace TransferPipeline.Perturbation.Lexicons;

/// <summary>Characters that look like letters and digits, from other alphabets; written for this project.</summary>
public static class Homoglyphs
{
    private static readonly Dictionary<string, string> LookAlikes = Pairs(
        "aа cс dԁ eе hһ iі jј kк lӏ mм nո oо pр qԛ rг sѕ tт uս vѵ wԝ xх yу "
            + "AА BВ CС EЕ HН IІ JЈ KК MМ NΝ OО PР SЅ TТ XХ YҮ ZΖ 0О 1l 3З 6б -‐ '’"
    );

    /// <summary>The character that looks like this one, or null.</summary>
    public static string? Of(Rune character) => LookAlikes.GetValueOrDefault(character.ToString());

    private static Dictionary<string, string> Pairs(string pairs) =>
        pairs.Split(' ').ToDictionary(pair => pair[..1], pair => pair[1..]);
}
