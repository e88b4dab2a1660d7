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
        ModelDocument next;
        do
        {
            // All are read again where a number was taken meanwhile: another orchestrator may have registered this very model.
            var number = 1;
            await foreach (var known in models.FindAsync(cancellation, ("name", name)))
            {
                if (known.ModelId == model.Id && known.Model.Provenance == model.Provenance)
                    return;
                number = Math.Max(number, known.Number + 1);
            }
            next = new ModelDocument
            {
                Id = $"{name}@{number}",
                Name = name,
                Number = number,
                ModelId = model.Id,
                Model = model,
                MadeBy = step.Id,
                Stored = time.GetUtcNow(),
            };
        } while (!await models.InsertAsync(next, cancellation));
    }

    public static string NameOf(string scenario, StepDocument step) =>
        string.Join('.', [scenario, step.Name, .. step.Cell.Values.Select(value => Unfit().Replace(value, "-"))]);

    [GeneratedRegex("[^A-Za-z0-9-]")]
    private static partial Regex Unfit();
}
