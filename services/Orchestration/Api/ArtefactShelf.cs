using Microsoft.AspNetCore.Http;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Hosting.Http.Uploads;
using TransferPipeline.Storage.Artefacts;

namespace TransferPipeline.Orchestration.Api;

/// <summary>Takes files in as artefacts, and gives artefacts out as bytes that no browser will run.</summary>
internal sealed class ArtefactShelf(IArtefacts artefacts, UploadReceiver receiver)
{
    public async Task<IResult> TakeAsync(HttpContext context)
    {
        if (UploadReceiver.IsMultipart(context.Request))
            throw new ApiProblemException(
                StatusCodes.Status415UnsupportedMediaType,
                "unsupported-media-type",
                "The body is multipart; expected the bytes of one file as they are."
            );
        receiver.AllowLargeBody(context);
        var stored = await artefacts.StoreAsync(
            (to, stop) => context.Request.Body.CopyToAsync(to, stop),
            context.RequestAborted
        );
        return Answers.At(
            context,
            $"/api/artefacts/{stored.Hash}",
            new StoredFile(stored.Hash),
            StatusCodes.Status201Created
        );
    }

    public async Task<IResult> GiveAsync(HttpContext context, string hash)
    {
        if (!ContentHash.IsOne(hash))
            throw ApiProblemException.BadInput(
                $"'{hash}' is no artefact; expected sha256: and 64 hexadecimal digits in lower case."
            );
        var file = await artefacts.GetFileAsync(new ArtefactRef(hash), context.RequestAborted);
        return Results.File(
            file,
            "application/octet-stream",
            fileDownloadName: ContentHash.Digits(hash),
            enableRangeProcessing: true
        );
    }
}
