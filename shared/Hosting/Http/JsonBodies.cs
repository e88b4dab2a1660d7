using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;

namespace TransferPipeline.Hosting.Http;

/// <summary>Reads JSON bodies strictly: known members once each, and no deep nesting.</summary>
public static class JsonBodies
{
    private const int Deepest = 16;

    private static readonly JsonSerializerOptions Strict = new(WireFormat.Options)
    {
        MaxDepth = Deepest,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    /// <summary>The body, or null where there is none.</summary>
    /// <exception cref="ApiProblemException">It is no JSON, or not what is expected; the message says what is.</exception>
    public static async Task<T?> ReadAsync<T>(HttpContext context)
        where T : class
    {
        using var body = await ReadAllAsync(context);
        if (body.Length == 0)
            return null;
        if (!context.Request.HasJsonContentType())
            throw new ApiProblemException(
                415,
                "unsupported-media-type",
                $"The content type is '{context.Request.ContentType}'; expected application/json."
            );
        try
        {
            return JsonSerializer.Deserialize<T>(body, Strict);
        }
        catch (JsonException wrong)
        {
            throw ApiProblemException.BadInput(Describe<T>(wrong));
        }
    }

    // Counted here and not by the server, which would break the line where this answers.
    private static async Task<MemoryStream> ReadAllAsync(HttpContext context)
    {
        var most = context.RequestServices.GetRequiredService<IOptions<ApiOptions>>().Value.MaxJsonBytes;
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var read)
        {
            if (body.Length + read > most)
                throw new ApiProblemException(
                    StatusCodes.Status413PayloadTooLarge,
                    "too-large",
                    $"The body is larger than is allowed; expected at most {most} bytes."
                );
            body.Write(buffer, 0, read);
        }
        body.Position = 0;
        return body;
    }

    private static string Describe<T>(JsonException wrong)
    {
        var members = string.Join(", ", Strict.GetTypeInfo(typeof(T)).Properties.Select(member => member.Name));
        var place = $"line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}";
        // The serializer's own sentences name types of this program; the reader's are about the text.
        var reason =
            wrong.InnerException is JsonException syntax ? syntax.Message.Split(" LineNumber", 2)[0].Trim()
            : wrong.Message.Contains("could not be mapped", StringComparison.Ordinal) ? $"{wrong.Path} is not known"
            : $"{wrong.Path} is not of the type expected there";
        return $"The body, {place}: {reason}; expected JSON with {members}.";
    }
}
