namespace TransferPipeline.Hosting.Http;

/// <summary>A request is answered by a problem document with this status and code.</summary>
/// <param name="code">A word for programs: <c>not-found</c>, <c>conflict</c>, …</param>
/// <param name="problems">Where there are many, one line each.</param>
public sealed class ApiProblemException(
    int status,
    string code,
    string detail,
    IReadOnlyList<string>? problems = null,
    Exception? cause = null
) : Exception(detail, cause)
{
    public int Status { get; } = status;
    public string Code { get; } = code;
    public IReadOnlyList<string> Problems { get; } = problems ?? [];

    /// <summary>There is no such thing; the detail says what was looked for.</summary>
    public static ApiProblemException NotFound(string detail) => new(404, "not-found", detail);

    /// <summary>The request is wrong; the detail says what was expected.</summary>
    public static ApiProblemException BadInput(string detail) => new(400, "bad-input", detail);
}
