using Microsoft.AspNetCore.Http;

namespace TransferPipeline.Hosting.Http.Access;

/// <summary>What a caller may do; each role may also do what those before it may.</summary>
public enum AccessRole
{
    /// <summary>Look at everything.</summary>
    Reader,

    /// <summary>Store datasets and models, and start, stop and take up runs.</summary>
    Submitter,

    /// <summary>Remove artefacts and replay dead letters.</summary>
    Admin,
}

/// <summary>Which role a request needs.</summary>
public static class AccessRules
{
    /// <summary>Whether a path is one that only known callers may ask for.</summary>
    public static bool Concern(PathString path) => path.StartsWithSegments("/api");

    /// <summary>The least role for a request.</summary>
    public static AccessRole Needed(string method, PathString path) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? AccessRole.Reader
        : path.StartsWithSegments("/api/clean") || path.StartsWithSegments("/api/dead-letters") ? AccessRole.Admin
        : AccessRole.Submitter;
}
