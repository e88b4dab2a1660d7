namespace TransferPipeline.Standalone.Terminals;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int StepFailed = 1;
    public const int BadRequest = 2;
    public const int Cancelled = 3;
}
