using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using TransferPipeline.Contracts;

namespace TransferPipeline.Hosting.Http;

/// <summary>Writes problem documents (RFC 9457) with a <c>code</c>, the request's id and, where there are many, all problems.</summary>
public static class ApiProblems
{
    // What a client wrote comes back in messages: a long text is cut, and so is a long list.
    private const int LongestText = 1000;
    private const int MostProblems = 200;

    /// <summary>Answers the request by a problem; what was written of another answer is dropped.</summary>
    public static async Task WriteAsync(
        HttpContext context,
        int status,
        string code,
        string detail,
        IReadOnlyList<string>? problems = null
    )
    {
        var answer = context.Response;
        answer.StatusCode = status;
        var document = new ProblemDetails
        {
            Status = status,
            Title = ReasonPhrases.GetReasonPhrase(status),
            Detail = Cut(detail),
            Extensions = { ["code"] = code, ["requestId"] = context.TraceIdentifier },
        };
        if (problems is { Count: > 0 })
            document.Extensions["problems"] = Listed(problems);
        await answer.WriteAsJsonAsync(document, WireFormat.Options, "application/problem+json", CancellationToken.None);
    }

    internal static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";

    private static List<string> Listed(IReadOnlyList<string> problems)
    {
        var listed = problems.Take(MostProblems).Select(Cut).ToList();
        if (problems.Count > MostProblems)
            listed.Add($"… and {problems.Count - MostProblems} more");
        return listed;
    }
}
