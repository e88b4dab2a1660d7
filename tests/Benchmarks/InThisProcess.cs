using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace TransferPipeline.Benchmarks;

/// <summary>
/// Runs BenchmarkDotNet in this process: a generated one would have to find libtorch and the inputs anew.
/// </summary>
internal static class InThisProcess
{
    public static void Run<T>(BenchmarkInputs inputs, params IColumn[] columns)
    {
        var job = Job
            .Default.WithToolchain(new InProcessNoEmitToolchain(TimeSpan.FromHours(1), logOutput: true))
            .WithStrategy(BenchmarkDotNet.Engines.RunStrategy.Monitoring)
            .WithWarmupCount(1)
            .WithIterationCount(inputs.Number("repetitions", 10));
        var config = ManualConfig
            .CreateEmpty()
            .AddJob(job)
            .AddLogger(ConsoleLogger.Unicode)
            .AddColumnProvider(DefaultColumnProviders.Params, DefaultColumnProviders.Descriptor)
            .AddColumn(StatisticColumn.Median, StatisticColumn.Min, StatisticColumn.Max)
            .AddColumn(columns)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "transfer-benchmarks"));
        BenchmarkRunner.Run<T>(config);
    }
}
