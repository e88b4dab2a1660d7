using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Reports.Pages;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>Writes a run's report from what its steps left.</summary>
internal sealed class ReportHandler(IDocuments<RunDocument> runs, IDocuments<StepDocument> steps) : IStepHandler
{
    public StepKind Kind => StepKinds.Report;

    public StepOutput Handle(StepWork work)
    {
        var study = new StudyReader(runs, steps).Read(work);
        return new StepOutput(
            Files: new Dictionary<string, string>
            {
                ["report.json"] = Store(ReportJson.Of(study).ToJsonString(WireFormat.Readable) + "\n", work),
                ["report.md"] = Store(MarkdownReport.Of(study), work),
                ["report.html"] = Store(HtmlReport.Of(study), work),
            }
        );
    }

    private static string Store(string text, StepWork work) =>
        work
            .Artefacts.StoreAsync((to, stop) => to.WriteAsync(Encoding.UTF8.GetBytes(text), stop).AsTask(), work.Stop)
            .GetAwaiter()
            .GetResult()
            .Hash;
}
