using TransferPipeline.Contracts;

namespace TransferPipeline.Standalone.Remote;

/// <summary>Where a server is, and what opens it.</summary>
internal static class ServerAddress
{
    private const string KeyVariable = "TRANSFER_KEY";

    /// <summary>The address, ended by <c>/</c> so that paths are told below it.</summary>
    public static Uri Of(string text) =>
        Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address)
        && address is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" }
            ? address
            : throw new BadInputException($"--server {text}: expected an address, as in https://studies.example.org");

    /// <summary>The key: never on a command line, where every user of the machine could read it.</summary>
    public static string Key(string? file)
    {
        if (file is not null && !File.Exists(file))
            throw new BadInputException($"--key-file {file}: there is no such file");
        var key = (file is null ? Environment.GetEnvironmentVariable(KeyVariable) : File.ReadAllText(file))?.Trim();
        if (string.IsNullOrEmpty(key))
            throw new BadInputException(
                file is null
                    ? $"--server needs a key; expected one in {KeyVariable}, or --key-file"
                    : $"--key-file {file}: is empty; expected a key"
            );
        return key.All(letter => letter is > ' ' and <= '~')
            ? key
            : throw new BadInputException("The key has characters that no key has; expected one line, as in tp_…");
    }
}
