using Microsoft.AspNetCore.Http;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Api;

/// <summary>Gives reports out.</summary>
internal sealed class ReportDesk(IDocuments<RunDocument> runs, IDocuments<StepDocument> steps, IArtefacts artefacts)
{
    // The page holds its own style and drawings, and nothing that runs.
    private const string PagePolicy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public async Task<IResult> GiveAsync(HttpContext context, string id, ReportForm form)
    {
        var cancellation = context.RequestAborted;
        var run =
            await runs.GetAsync(id, cancellation) ?? throw ApiProblemException.NotFound($"There is no run '{id}'.");
        StepDocument? report = null;
        await foreach (var step in steps.FindAsync(cancellation, ("run", id)))
            if (step.Uses == StepKinds.Report.Uses)
                report = step;
        if (report?.Output?.Files?.GetValueOrDefault(form.File) is not { } hash)
            throw ApiProblemException.NotFound(
                $"Run {id} has no report yet; it is {run.State.ToString().ToLowerInvariant()}."
            );
        context.Response.Headers.ContentSecurityPolicy = PagePolicy;
        return Results.File(await artefacts.GetFileAsync(new ArtefactRef(hash), cancellation), form.MediaType);
    }
}
