using System.CommandLine;
using TransferPipeline.Contracts;
using TransferPipeline.Orchestration.Runs;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer run SCENARIO.yaml</c></summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var scenario = new Argument<string>("SCENARIO") { Description = "The scenario, a YAML file." };
        var set = new Option<string[]>("--set")
        {
            Description = "Overrides: key=value for an input, key=a,b for a matrix list, preset=NAME.",
            AllowMultipleArgumentsPerToken = true,
        };
        var output = new Option<string?>("--out") { Description = "Folder that the report is copied to." };
        var noCache = new Option<bool>("--no-cache")
        {
            Description = "Compute every step, whatever was computed before.",
        };
        var device = new Option<string>("--device")
        {
            Description = "What networks are trained on, cpu or cuda; a step's own device goes before it.",
            DefaultValueFactory = _ => "cpu",
        };
        var precision = new Option<string>("--precision")
        {
            Description = "What their linear layers multiply: fp32, bf16, or auto for what is measured to be faster.",
            DefaultValueFactory = _ => "fp32",
        };

        var command = new Command("run", "Run a scenario and write its report.")
        {
            scenario,
            set,
            output,
            noCache,
            device,
            precision,
            CommandContext.JsonOption,
        };
        command.SetAction(
            CommandContext.Guard(
                (context, parsed, cancellation) =>
                    RunAsync(
                        context,
                        Scenario(parsed.GetValue(scenario)!, parsed.GetValue(set) ?? []) with
                        {
                            NoCache = parsed.GetValue(noCache),
                            Device = parsed.GetValue(device)!,
                            Precision = parsed.GetValue(precision)!,
                        },
                        parsed.GetValue(output),
                        cancellation
                    )
            )
        );
        return command;
    }

    /// <summary>Submits a request and follows it to its end.</summary>
    public static async Task<int> RunAsync(
        CommandContext context,
        RunRequest request,
        string? output,
        CancellationToken cancellation
    )
    {
        await using var desk = context.OpenDesk();
        var run = await desk.SubmitAsync(request, cancellation);
        return await desk.FollowAsync(run, output, cancellation);
    }

    private static RunRequest Scenario(string path, IReadOnlyList<string> overrides)
    {
        if (!File.Exists(path))
            throw new BadInputException($"{path}: there is no such file; expected a scenario in YAML.");
        return new RunRequest(File.ReadAllText(path), path, overrides);
    }
}
