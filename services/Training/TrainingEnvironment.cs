using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Training;

/// <summary>Sets up the thread a training runs on, and says what it ran on.</summary>
internal static class TrainingEnvironment
{
    /// <summary>Call it on the thread that trains: OpenMP counts threads for each of its callers.</summary>
    /// <returns>What a card records: no part of a key, but equal bytes are promised only where it is equal.</returns>
    public static IReadOnlyDictionary<string, string> Enter(StepDocument step, int threads)
    {
        if (step.Precision != "fp32" || step.Device != "cpu")
            throw new BadInputException(
                $"Step {step.Name}: precision {step.Precision} on {step.Device} was asked for; expected fp32 on cpu."
            );
        new ComputeOptions(threads).Apply();
        return new SortedDictionary<string, string>(Describe(step, threads), StringComparer.Ordinal)
        {
            ["torchSharp"] = typeof(torch).Assembly.GetName().Version!.ToString(3),
            ["libtorch"] = torch.__version__,
        };
    }

    /// <summary>The same of a training that needs no libtorch.</summary>
    public static SortedDictionary<string, string> Describe(StepDocument step, int threads) =>
        new(StringComparer.Ordinal)
        {
            ["threads"] = threads.ToString(),
            ["processor"] = Processor(),
            ["dotnet"] = RuntimeInformation.FrameworkDescription,
            ["precision"] = step.Precision,
            ["device"] = step.Device,
        };

    private static string Processor()
    {
        const string Information = "/proc/cpuinfo";
        var model = File.Exists(Information)
            ? File.ReadLines(Information)
                .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return model?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
