using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Hosting.Http.Uploads;
using TransferPipeline.Ingestion.Importing;

namespace TransferPipeline.Ingestion.Api;

/// <summary>Takes a dataset in: the files first, then the import, which stores all or nothing.</summary>
internal sealed partial class DatasetUpload(UploadReceiver receiver, DatasetImporter importer)
{
    public async Task<IResult> TakeAsync(HttpContext context)
    {
        var query = new DatasetQuery(context.Request.Query);
        using var files = await ReceiveAsync(context, query);
        if (files.All.Count == 0)
            throw ApiProblemException.BadInput("The upload has no file; expected at least one.");
        var stored = await ImportAsync(query.Request(files.All), files, context.RequestAborted);
        return Answers.At(
            context,
            $"/api/datasets/{stored.Document.Id}",
            StoredDataset.Of(stored),
            stored.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK
        );
    }

    private Task<UploadedFiles> ReceiveAsync(HttpContext context, DatasetQuery query)
    {
        if (!UploadReceiver.IsMultipart(context.Request))
            return query.FileName is { } name
                ? receiver.ReceiveRawAsync(context, name)
                : throw ApiProblemException.BadInput(
                    "The body is one file without a name; expected filename in the query, or multipart/form-data."
                );
        return query.FileName is null && query.RawSplit is null
            ? receiver.ReceivePartsAsync(context)
            : throw ApiProblemException.BadInput(
                "filename and split name a body that is one file; expected neither beside multipart/form-data."
            );
    }

    private async Task<ImportResult> ImportAsync(
        ImportRequest request,
        UploadedFiles files,
        CancellationToken cancellation
    )
    {
        try
        {
            return await importer.ImportAsync(request, progress: null, cancellation);
        }
        catch (BadInputException wrong)
        {
            var seen = files.AsTheCallerSeesIt(wrong);
            throw new BadInputException([.. seen.Problems.Select(problem => Option().Replace(problem, Parameter))]);
        }
    }

    // The importer speaks of the options of the command line.
    private static string Parameter(Match option) =>
        option.Groups[1].Value switch
        {
            "text-b" => "textB",
            "split-column" => "splitColumn",
            var same => same,
        };

    [GeneratedRegex(
        @"(?<=^|[\s(])--(name|task|format|encoding|text-b|text|labels|label|id|split-column|split|group|strict|seed)\b"
    )]
    private static partial Regex Option();
}
