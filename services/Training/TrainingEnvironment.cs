using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Training;

/// <summary>Sets up the thread a training runs on, and says what it ran on.</summary>
internal static class TrainingEnvironment
{
    /// <summary>Call it on the thread that trains: OpenMP counts threads for each of its callers.</summary>
    /// <returns>What a card records: no part of a key, but equal bytes are promised only where it is equal.</returns>
    /// <exception cref="BadInputException">There is no such device or precision here.</exception>
    public static IReadOnlyDictionary<string, string> Enter(StepWork work, int threads)
    {
        Compute(work, threads).Apply();
        Compute(work, threads).Placement.Check();
        return new SortedDictionary<string, string>(Describe(work, threads), StringComparer.Ordinal)
        {
            ["torchSharp"] = typeof(torch).Assembly.GetName().Version!.ToString(3),
            ["libtorch"] = torch.__version__,
        };
    }

    /// <summary>The same of a training that needs no libtorch.</summary>
    public static SortedDictionary<string, string> Describe(StepWork work, int threads) =>
        new(StringComparer.Ordinal)
        {
            ["threads"] = threads.ToString(),
            ["processor"] = Processor(),
            ["dotnet"] = RuntimeInformation.FrameworkDescription,
            ["precision"] = work.Step.Precision,
            ["device"] = work.Device,
        };

    /// <summary>What a step may use, and where its models are opened.</summary>
    public static ComputeOptions Compute(StepWork work, int threads) => new(threads) { Placement = PlacementOf(work) };

    /// <summary>Where a step's models are opened.</summary>
    public static Placement PlacementOf(StepWork work) => new(work.Device, work.Step.Precision);

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
