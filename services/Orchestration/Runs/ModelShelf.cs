using System.Text.RegularExpressions;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>Registers the models that steps made, so that they are listed and later scenarios can name them.</summary>
internal sealed partial class ModelShelf(IDocuments<ModelDocument> models, TimeProvider time)
{
    /// <summary>Registers a completed step's model as <c>scenario.step.value.value</c>; a model it holds under that name already changes nothing.</summary>
    public async Task RegisterAsync(RunDocument run, StepDocument step, CancellationToken cancellation)
    {
        if (step.Output?.Model is not { Files.Count: > 0 } model)
            return;
        var name = NameOf(run.Scenario, step);
        await models.RegisterAsync(
            name,
            known => known.ModelId == model.Id && known.Model.Provenance == model.Provenance,
            (id, number) =>
                new()
                {
                    Id = id,
                    Name = name,
                    Number = number,
                    ModelId = model.Id,
                    Model = model,
                    MadeBy = step.Id,
                    Stored = time.GetUtcNow(),
                },
            cancellation
        );
    }

    public static string NameOf(string scenario, StepDocument step) =>
        string.Join('.', [scenario, step.Name, .. step.Cell.Values.Select(value => Unfit().Replace(value, "-"))]);

    [GeneratedRegex("[^A-Za-z0-9-]")]
    private static partial Regex Unfit();
}
