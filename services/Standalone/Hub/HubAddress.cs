using TransferPipeline.Contracts;

namespace TransferPipeline.Standalone.Hub;

/// <summary>A server that answers as the Hugging Face Hub does, and what opens it.</summary>
/// <param name="Root">Ended by <c>/</c>; <c>https</c>, or <c>http</c> on this machine.</param>
/// <param name="Token">Of an account there; null: what is public. No other host gets it.</param>
internal sealed record HubAddress(Uri Root, string? Token)
{
    private const string PublicHub = "https://huggingface.co";
    private const string RootVariable = "HF_ENDPOINT";
    private const string TokenVariable = "HF_TOKEN";

    /// <param name="from">What the command line says; null: what the environment says, else the public hub.</param>
    public static HubAddress Of(string? from, Func<string, string?> variable)
    {
        var (text, origin) =
            from is not null ? (from, "--from")
            : Given(variable(RootVariable)) is { } endpoint ? (endpoint, RootVariable)
            : (PublicHub, "");
        if (
            !Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var root)
            || !IsSafe(root, onThisMachine: true)
            || root is not { UserInfo: "", Query: "", Fragment: "" }
        )
            throw new BadInputException($"{origin} {text}: expected an address, as in {PublicHub}");

        var token = Given(variable(TokenVariable));
        if (token?.All(letter => letter is > ' ' and <= '~') == false)
            throw new BadInputException(
                $"{TokenVariable} has characters that no token has; expected one line, as in hf_…"
            );
        return new(root, token);
    }

    /// <summary>Whether this is the host that the token is for.</summary>
    public bool Owns(Uri address) =>
        Uri.Compare(
            Root,
            address,
            UriComponents.SchemeAndServer,
            UriFormat.Unescaped,
            StringComparison.OrdinalIgnoreCase
        ) == 0;

    /// <summary>Whether a redirect may lead there.</summary>
    public bool MayLeadTo(Uri address) => IsSafe(address, onThisMachine: Root is { Scheme: "http", IsLoopback: true });

    private static bool IsSafe(Uri address, bool onThisMachine) =>
        address.Scheme == "https" || (onThisMachine && address is { Scheme: "http", IsLoopback: true });

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
