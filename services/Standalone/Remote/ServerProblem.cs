using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;

namespace TransferPipeline.Standalone.Remote;

/// <summary>A server's refusal as the message that the command line shows.</summary>
internal static class ServerProblem
{
    public static async Task<BadInputException> OfAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        var problem = Parse(text);
        var lines = problem?["problems"] is JsonArray many ? many.Select(one => one?.ToString() ?? "").ToList() : [];
        if (lines.Count == 0)
            lines.Add(
                (string?)problem?["detail"]
                    ?? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{answer.RequestMessage?.RequestUri}: answers {(int)answer.StatusCode} {answer.ReasonPhrase}"
                    )
            );
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
            lines.Add("The key is taken from --key-file, or from TRANSFER_KEY.");
        if (answer.StatusCode >= HttpStatusCode.InternalServerError && problem?["requestId"] is { } request)
            lines.Add($"The server's log knows more under request {request}.");
        return new BadInputException(lines);
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
