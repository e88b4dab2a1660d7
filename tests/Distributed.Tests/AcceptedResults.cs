using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Distributed.Tests;

/// <summary>The first result that was seen of each step: no later one may take its place.</summary>
internal sealed class AcceptedResults
{
    private readonly Dictionary<string, string> _first = [];

    /// <summary>Compares with what was seen before.</summary>
    public void See(IEnumerable<StepDocument> steps)
    {
        foreach (var step in steps)
        {
            var result = JsonSerializer.Serialize(
                new
                {
                    step.State,
                    step.Fence,
                    step.Worker,
                    step.Output,
                },
                WireFormat.Options
            );
            if (_first.TryGetValue(step.Id, out var first))
                Assert.Equal(first, result);
            else if (step.State == StepState.Completed)
                _first[step.Id] = result;
        }
    }
}
