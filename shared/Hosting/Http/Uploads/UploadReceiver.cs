using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using TransferPipeline.Hosting.Http.Idempotency;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Hosting.Http.Uploads;

/// <summary>Writes the files of a request to disk as they come, so that memory stays flat; a cut-off upload leaves nothing.</summary>
public sealed class UploadReceiver(IOptions<ApiOptions> options, IOptions<PipelineStorageOptions> storage)
{
    private const int LongestBoundary = 128;

    private readonly Lazy<ScratchFolders> _folders = new(() =>
        new ScratchFolders(Path.Combine(storage.Value.Home, "uploads"))
    );

    /// <summary>Receives the file parts of a multipart body.</summary>
    /// <exception cref="ApiProblemException">A part is no file, its name is not plain, or the body ended early.</exception>
    public Task<UploadedFiles> ReceivePartsAsync(HttpContext context)
    {
        var boundary = BoundaryOf(context.Request);
        return boundary is null
            ? throw new ApiProblemException(
                StatusCodes.Status415UnsupportedMediaType,
                "unsupported-media-type",
                $"The content type is '{context.Request.ContentType}'; expected multipart/form-data with file parts."
            )
            : ReceiveAsync(context, files => ReadPartsAsync(context, boundary, files));
    }

    /// <summary>Receives the whole body as one file of that name.</summary>
    public Task<UploadedFiles> ReceiveRawAsync(HttpContext context, string name)
    {
        var plain = PlainNames.OfFile(name);
        return ReceiveAsync(
            context,
            files => WriteAsync(context.Request.Body, files.Add("", plain), context.RequestAborted)
        );
    }

    /// <summary>Whether the body consists of parts.</summary>
    public static bool IsMultipart(HttpRequest request) => BoundaryOf(request) is not null;

    /// <summary>Lets this request's body be as large as an upload may be, and as slow as the line is.</summary>
    public void AllowLargeBody(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = options.Value.MaxUploadBytes;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = new(bytesPerSecond: 100, gracePeriod: TimeSpan.FromMinutes(1));
    }

    /// <summary>The boundary of a multipart body; null where it is none.</summary>
    internal static string? BoundaryOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary)
            is { HasValue: true, Length: > 0 and <= LongestBoundary } boundary
            ? boundary.Value
            : null;

    private async Task<UploadedFiles> ReceiveAsync(HttpContext context, Func<UploadedFiles, Task> read)
    {
        AllowLargeBody(context);
        var files = new UploadedFiles(_folders.Value.Create());
        try
        {
            await read(files);
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    private async Task ReadPartsAsync(HttpContext context, string boundary, UploadedFiles files)
    {
        var fingerprint = context.Features.Get<BodyFingerprint>();
        try
        {
            var reader = new MultipartReader(boundary, context.Request.Body);
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                var (field, name) = NamesOf(section);
                if (files.All.Count == options.Value.MaxFiles)
                    throw ApiProblemException.BadInput(
                        $"The upload has more than {options.Value.MaxFiles} files; expected at most as many."
                    );
                fingerprint?.BeginPart(field, name);
                await using var body = fingerprint?.Reading(section.Body) ?? section.Body;
                await WriteAsync(body, files.Add(field, PlainNames.OfFile(name)), context.RequestAborted);
            }
        }
        catch (IOException early) when (early.Message.StartsWith("Unexpected end of Stream", StringComparison.Ordinal))
        {
            throw new ApiProblemException(
                StatusCodes.Status400BadRequest,
                "cut-off",
                "The body ended before its last boundary; nothing was stored.",
                cause: early
            );
        }
        catch (InvalidDataException wrong)
        {
            throw ApiProblemException.BadInput($"The multipart body is not well made: {wrong.Message}");
        }
    }

    /// <summary>A part's name and its file's.</summary>
    internal static (string Field, string Name) NamesOf(MultipartSection section)
    {
        if (section.GetContentDispositionHeader() is not { } disposition)
            throw ApiProblemException.BadInput(
                "A part has no Content-Disposition; expected one with name and filename."
            );
        var field = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
        var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        return name.HasValue
            ? (field, HeaderUtilities.RemoveQuotes(name).ToString())
            : throw ApiProblemException.BadInput(
                $"The part '{field}' is no file; expected file parts only, and parameters in the query."
            );
    }

    private static async Task WriteAsync(Stream from, UploadedFile to, CancellationToken cancellation)
    {
        await using var file = new FileStream(
            to.Path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
                Options = FileOptions.Asynchronous,
            }
        );
        await from.CopyToAsync(file, bufferSize: 128 * 1024, cancellation);
    }
}
