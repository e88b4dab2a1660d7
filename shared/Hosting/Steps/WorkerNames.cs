using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Steps;

/// <summary>Names of processes as workers.</summary>
internal static class WorkerNames
{
    /// <summary>Machine, process id and the process's start: no two living processes share it.</summary>
    public static string OfThisProcess()
    {
        var process = RunOwner.Current();
        return $"{Environment.MachineName}/{process.ProcessId}-{process.ProcessStart}";
    }
}
