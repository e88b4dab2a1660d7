using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;

namespace TransferPipeline.Hosting.Http.Access;

/// <summary>Knows callers by the API key in <c>Authorization: Bearer tp_…</c>.</summary>
public sealed class ApiKeys(IOptions<AccessOptions> options) : ICallerCheck
{
    private const string Prefix = "tp_";
    private const string Scheme = "Bearer ";
    private const int Longest = 256;

    // 256 random bits need no slow hash: there is no dictionary of them.
    private readonly (byte[] Hash, Caller Caller)[] _keys =
    [
        .. options.Value.All().Select(key => (BytesOf(key.Hash), new Caller(key.Name, key.Role))),
    ];

    /// <summary>How many keys there are.</summary>
    public int Count => _keys.Length;

    /// <inheritdoc/>
    public Caller? Identify(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? Find(header[Scheme.Length..].Trim())
            : null;
    }

    /// <summary>Whose key that is; takes the same time for any wrong one.</summary>
    public Caller? Find(string key)
    {
        if (key.Length > Longest)
            return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        Caller? found = null;
        foreach (var (known, caller) in _keys)
            if (CryptographicOperations.FixedTimeEquals(known, hash))
                found = caller;
        return found;
    }

    /// <summary>A new random key, to be shown once and stored as its hash.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What the configuration holds of a key.</summary>
    public static string HashOf(string key) => ContentHash.Of(key);

    internal static bool IsHash(string text) =>
        Digits(text) is { Length: 64 } digits && digits.All(char.IsAsciiHexDigit);

    private static byte[] BytesOf(string hash) => Convert.FromHexString(Digits(hash));

    private static string Digits(string hash) =>
        hash.StartsWith(ContentHash.Prefix, StringComparison.Ordinal) ? hash[ContentHash.Prefix.Length..] : hash;
}
