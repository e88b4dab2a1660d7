using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TransferPipeline.Hosting;

/// <summary>How a process of the pipeline ends.</summary>
public static class PipelineEnd
{
    /// <summary>Runs until asked to stop.</summary>
    /// <remarks>
    /// Asked while it still starts, a host throws what its start was cancelled with, and the process would die by SIGABRT;
    /// in a rolling restart such a stop is an end like any other.
    /// </remarks>
    public static void RunToEnd(this IHost host)
    {
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            host.Run();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested) { }
    }
}
