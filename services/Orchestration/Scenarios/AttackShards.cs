using System.Globalization;
using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>
/// An attack in parts: a step for each part of its examples, which as many workers may take, and one that puts them together. Who
/// refers to the attack gets the latter's result, which is the same as of one that was not split.
/// </summary>
internal static class AttackShards
{
    /// <summary>The parts and behind them the whole; the step alone where it is not split.</summary>
    /// <param name="names">Of all steps of the scenario.</param>
    public static IReadOnlyList<UnrolledStep> Split(
        UnrolledStep step,
        IEnumerable<string> names,
        Place place,
        Problems problems
    )
    {
        if (step.Spec is not AttackSpec { Shards: { } shards } spec)
            return [step];
        UnrolledStep[] parts =
        [
            .. Enumerable
                .Range(0, shards)
                .Select(shard =>
                    step with
                    {
                        Name = string.Create(CultureInfo.InvariantCulture, $"{step.Name}-part-{shard + 1}"),
                        Spec = spec with { Shard = shard },
                    }
                ),
        ];
        if (parts.FirstOrDefault(part => names.Contains(part.Name)) is { } taken)
            problems.Add(
                place,
                $"steps.{step.Name}.with.shards",
                $"a part would be called '{taken.Name}', as another step is; expected another name for that step"
            );
        var origin = (place, $"steps.{step.Name}.with.shards");
        return
        [
            .. parts,
            step with
            {
                Inputs =
                [
                    .. step.Inputs,
                    .. parts.Select(
                        (part, at) => new UnrolledInput($"pieces.{at}", InputKind.Attack, part, null, origin)
                    ),
                ],
            },
        ];
    }
}
