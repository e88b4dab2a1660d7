using System.CommandLine;
using System.CommandLine.Parsing;
using TransferPipeline.Standalone.Commands;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone;

/// <summary>The tool <c>transfer</c>.</summary>
internal static class TransferCommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args is [] ? ["--help"] : args);
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
                }
            );

        foreach (var error in parsed.Errors)
            await Console.Error.WriteLineAsync(error.Message);
        await Console.Error.WriteLineAsync($"'{Path(parsed.CommandResult)} --help' tells what it takes.");
        return ExitCode.BadRequest;
    }

    /// <summary>The command as it is typed: <c>transfer models export</c>.</summary>
    private static string Path(CommandResult command) =>
        command.Parent is CommandResult above ? $"{Path(above)} {command.Command.Name}" : "transfer";

    private static RootCommand Create() =>
        new("Runs transfer-learning studies on text: datasets in, a scenario, a report out.")
        {
            CommandContext.HomeOption,
            CommandContext.VerboseOption,
            CommandContext.ServerOption,
            CommandContext.KeyFileOption,
            DemoCommand.Create(),
            RunCommand.Create(),
            IngestCommand.Create(),
            DatasetsCommand.Create(),
            ModelsCommand.Create(),
            LexiconsCommand.Create(),
            RunsCommand.Create(),
            StepsCommand.Create(),
            ReportCommand.Create(),
            PredictCommand.Create(),
            AttackCommand.Create(),
            ResumeCommand.Create(),
            CancelCommand.Create(),
            RetryCommand.Create(),
            CleanCommand.Create(),
            ServeCommand.Create(),
            DeadLettersCommand.Create(),
            ScenariosCommand.Create(),
        };
}
