using Microsoft.AspNetCore.Http;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Hosting.Http.Uploads;
using TransferPipeline.Storage.Documents;
using TransferPipeline.Training.Importing;

namespace TransferPipeline.Training.Api;

/// <summary>Takes a model in: its files are laid into one folder, which is opened as a training would before it is stored.</summary>
internal sealed class ModelUpload(UploadReceiver receiver, ModelImporter importer)
{
    private const int LongestSource = 512;

    public async Task<IResult> TakeAsync(HttpContext context)
    {
        foreach (var key in context.Request.Query.Keys)
            if (key is not ("name" or "source"))
                throw ApiProblemException.BadInput($"The parameter '{key}' is not known; expected name, source.");
        var name = PlainNames.OfEntry(context.Request.Query["name"]);
        var source = Source(context.Request.Query["source"]);
        using var files = await receiver.ReceivePartsAsync(context);
        var folder = Lay(files);
        try
        {
            var stored = await importer.ImportAsync(folder, name, source, context.RequestAborted);
            return Answers.At(context, $"/api/models/{stored.Id}", stored, StatusCodes.Status201Created);
        }
        catch (BadInputException wrong)
        {
            throw files.AsTheCallerSeesIt(wrong.Naming((folder + "/", ""), (folder, name)));
        }
    }

    /// <summary>A text for the card; nothing is fetched from there.</summary>
    private static string? Source(string? text) =>
        text is null || (text.Length is > 0 and <= LongestSource && text.All(letter => letter is > ' ' and <= '~'))
            ? text
            : throw ApiProblemException.BadInput(
                $"source '{text}' is no address; expected at most {LongestSource} letters without blanks."
            );

    private static string Lay(UploadedFiles files)
    {
        if (files.All.Count == 0)
            throw ApiProblemException.BadInput(
                "The upload has no file; expected those of a model in Hugging Face layout."
            );
        var folder = Directory.CreateDirectory(Path.Combine(files.Folder, "model")).FullName;
        foreach (var file in files.All)
        {
            var target = Path.Combine(folder, file.Name);
            if (File.Exists(target))
                throw ApiProblemException.BadInput($"{file.Name} comes twice; expected each file once.");
            File.Move(file.Path, target);
        }
        return folder;
    }
}
