using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace TransferPipeline.Hosting.Http.Access;

/// <summary>Believes whoever brings the internal key, and whom it names; without a configured key it believes nobody.</summary>
public sealed class InternalKey(IOptions<InternalOptions> options) : ICallerCheck
{
    /// <summary>The header that brings the key.</summary>
    public const string Header = "X-Internal-Key";

    private static readonly Caller Service = new("internal", AccessRole.Admin);

    private readonly byte[]? _hash = options.Value.Read() is { } key ? Hash(key) : null;

    /// <inheritdoc/>
    public Caller? Identify(HttpContext context)
    {
        var given = Hash(context.Request.Headers[InternalKey.Header].ToString());
        if (_hash is null || !CryptographicOperations.FixedTimeEquals(_hash, given))
            return null;
        var named = context.Request.Headers[Caller.Header];
        return named.Count == 0 ? Service : Caller.Parse(named.ToString());
    }

    // Hashes of one length: the time of comparing says nothing about the key's.
    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
