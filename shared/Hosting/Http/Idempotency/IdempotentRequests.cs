using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using TransferPipeline.Hosting.Http.Access;
using TransferPipeline.Hosting.Http.Uploads;

namespace TransferPipeline.Hosting.Http.Idempotency;

/// <summary>Makes a POST that carries an <c>Idempotency-Key</c> happen once, however often it is sent within a day.</summary>
public static class IdempotentRequests
{
    /// <summary>The header that names a request.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>Marks an answer that was given before.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    private const int LongestKey = 255;

    /// <summary>What names that which the request makes, the same at every attempt; null where it has no key.</summary>
    public static string? NameOf(HttpContext context) => context.Features.Get<RequestName>()?.Name;

    /// <summary>The refusal of a key that stands for another request.</summary>
    public static ApiProblemException Reused() =>
        new(
            StatusCodes.Status422UnprocessableEntity,
            "idempotency-key-reused",
            $"This {Header} was used for another request; expected a new one."
        );

    /// <summary>Concerns every POST to <c>/api</c> that comes after this; callers must be known by then.</summary>
    public static IApplicationBuilder UseIdempotency(this IApplicationBuilder app)
    {
        var book = app.ApplicationServices.GetRequiredService<IdempotencyBook>();
        var receiver = app.ApplicationServices.GetRequiredService<UploadReceiver>();
        return app.Use(
            (context, next) =>
                HttpMethods.IsPost(context.Request.Method)
                && AccessRules.Concern(context.Request.Path)
                && context.Request.Headers.TryGetValue(Header, out var key)
                    ? OnceAsync(context, next, book, receiver, key.ToString())
                    : next(context)
        );
    }

    private static async Task OnceAsync(
        HttpContext context,
        RequestDelegate next,
        IdempotencyBook book,
        UploadReceiver receiver,
        string key
    )
    {
        if (key.Length is 0 or > LongestKey || key.Any(letter => letter is < '!' or > '~'))
            throw ApiProblemException.BadInput(
                $"{Header} is not well made; expected 1 to {LongestKey} printable ASCII characters without spaces."
            );
        var caller = Caller.Of(context)?.Name ?? "";
        var request = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}";
        var (entry, isFirst) = await book.EnterAsync(caller, key, request, context.RequestAborted);
        using var fingerprint = new BodyFingerprint();
        if (isFirst)
            await DoAsync(context, next, book, entry, fingerprint);
        else if (entry is { Answer: { } answer, Body: { } body })
            await ReplayAsync(context, receiver, entry.Request == request, body, answer, fingerprint);
        else
            throw new ApiProblemException(
                StatusCodes.Status409Conflict,
                "conflict",
                $"A request with this {Header} is being worked on; send it again in a moment."
            );
    }

    private static async Task DoAsync(
        HttpContext context,
        RequestDelegate next,
        IdempotencyBook book,
        IdempotencyDocument entry,
        BodyFingerprint fingerprint
    )
    {
        Watch(context, fingerprint);
        context.Features.Set(new RequestName(entry.Name));
        var to = context.Response.Body;
        using var written = new MemoryStream();
        context.Response.Body = written;
        var done = false;
        try
        {
            await next(context);
            // What was left unread belongs to the request, too.
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            done = context.Response.StatusCode is >= 200 and < 300;
        }
        finally
        {
            context.Response.Body = to;
            if (!done)
                await book.ReleaseAsync(entry);
        }
        if (done)
            await book.AnswerAsync(
                entry,
                fingerprint.Finish(),
                new IdempotentAnswer(
                    context.Response.StatusCode,
                    context.Response.ContentType,
                    context.Response.Headers.Location,
                    Encoding.UTF8.GetString(written.GetBuffer(), 0, (int)written.Length)
                )
            );
        written.Position = 0;
        await written.CopyToAsync(to, context.RequestAborted);
    }

    private static async Task ReplayAsync(
        HttpContext context,
        UploadReceiver receiver,
        bool sameRequest,
        string body,
        IdempotentAnswer answer,
        BodyFingerprint fingerprint
    )
    {
        receiver.AllowLargeBody(context);
        if (!sameRequest || await ReadAsync(context, fingerprint) != body)
            throw Reused();
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.Headers[ReplayedHeader] = "true";
        if (answer.Location is { } location)
            context.Response.Headers.Location = location;
        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }

    private static void Watch(HttpContext context, BodyFingerprint fingerprint)
    {
        if (UploadReceiver.IsMultipart(context.Request))
            context.Features.Set(fingerprint);
        else
            context.Request.Body = fingerprint.Reading(context.Request.Body);
    }

    /// <summary>The fingerprint of a body that nobody else reads.</summary>
    private static async Task<string> ReadAsync(HttpContext context, BodyFingerprint fingerprint)
    {
        if (UploadReceiver.BoundaryOf(context.Request) is not { } boundary)
            await fingerprint.Reading(context.Request.Body).CopyToAsync(Stream.Null, context.RequestAborted);
        else
        {
            var reader = new MultipartReader(boundary, context.Request.Body);
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                var (field, name) = UploadReceiver.NamesOf(section);
                fingerprint.BeginPart(field, name);
                await fingerprint.Reading(section.Body).CopyToAsync(Stream.Null, context.RequestAborted);
            }
        }
        return fingerprint.Finish();
    }

    private sealed record RequestName(string Name);
}
