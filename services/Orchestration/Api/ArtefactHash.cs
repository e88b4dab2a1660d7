namespace TransferPipeline.Orchestration.Api;

/// <summary>How artefacts are named.</summary>
internal static class ArtefactHash
{
    private const string Prefix = "sha256:";
    private const int Digits = 64;

    /// <summary>Whether that is <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
    public static bool IsOne(string text) =>
        text.Length == Prefix.Length + Digits
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && !text.AsSpan(Prefix.Length).ContainsAnyExcept("0123456789abcdef");
}
