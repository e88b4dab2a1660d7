using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>The dataset on which models are scored: the nearest one that all of them were trained from.</summary>
internal static class SharedDataset
{
    /// <summary>Adds it where the step names none.</summary>
    public static void Add(UnrolledStep step, List<UnrolledInput> inputs, Place place, string path, Problems problems)
    {
        if (inputs.Any(input => input.Name == "dataset" || input.IsBroken))
            return;
        var chains = inputs.Select(model => Datasets(model).ToList()).Where(chain => chain.Count > 0).ToList();
        var shared = chains
            .FirstOrDefault()
            ?.FirstOrDefault(dataset => chains.All(chain => chain.Any(other => other.Source == dataset.Source)));
        if (shared is not null)
            inputs.Add(shared with { Name = "dataset" });
        else if (inputs.Count > 0)
            problems.Add(
                place,
                path,
                $"'dataset' is missing, and the models of step '{step.Name}' were not trained from one and the same; "
                    + "expected the dataset to score them on"
            );
    }

    private static IEnumerable<UnrolledInput> Datasets(UnrolledInput input)
    {
        for (var next = input; next is not null; )
        {
            if (next.Kind == InputKind.Dataset)
                yield return next;
            next =
                next.From?.Inputs.FirstOrDefault(needed => needed is { Name: "dataset", Kind: InputKind.Dataset })
                ?? next.From?.Inputs.FirstOrDefault(needed => needed.Kind == InputKind.Model);
        }
    }
}
