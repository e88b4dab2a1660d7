using Microsoft.AspNetCore.Http;

namespace TransferPipeline.Hosting.Http.Access;

/// <summary>Tells who asks.</summary>
public interface ICallerCheck
{
    /// <summary>The caller, or null where the request does not prove one.</summary>
    Caller? Identify(HttpContext context);
}
