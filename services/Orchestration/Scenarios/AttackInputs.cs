using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>Tells of what an attack's recipe cannot be without and is not given.</summary>
internal static class AttackInputs
{
    public static void Check(
        AttackSpec attack,
        IReadOnlyList<UnrolledInput> inputs,
        Place place,
        string path,
        Problems problems
    )
    {
        var recipe = $"recipe {attack.RecipeName()}";
        var needs = attack.Parts is { } parts ? AttackNeeds.Of(parts) : AttackNeeds.Of(attack.Recipe);
        foreach (var need in needs)
            if (need.StartsWith(AttackNeeds.Pack, StringComparison.Ordinal))
                CheckPack(need[AttackNeeds.Pack.Length..]);
            else if (!inputs.Any(input => input.Name == need))
                problems.Add(place, path, $"{recipe} needs {AttackNeeds.Described(need)} as '{need}'");

        var follows = attack.Parts is { } own ? AttackNeeds.Gradients(own) : AttackNeeds.Gradients(attack.Recipe);
        if (follows && inputs.FirstOrDefault(input => input.Name == "model")?.From?.Kind == StepKinds.Baseline)
            problems.Add(
                place,
                path,
                $"{recipe} follows the gradients of 'model', and a baseline has none; expected a fine-tuned transformer"
            );

        void CheckPack(string kind)
        {
            if (!inputs.Any(input => input.Kind == InputKind.Lexicon))
                problems.Add(
                    place,
                    path,
                    $"{recipe} needs a pack of kind {kind} among 'lexicons'; expected the name of one, or {kind}:PATH ('transfer lexicons import {kind} PATH' makes one)"
                );
        }
    }
}
