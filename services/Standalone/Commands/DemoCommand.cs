using System.CommandLine;
using TransferPipeline.Orchestration.Runs;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer demo</c>: everything small, offline, from nothing to a report.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var output = new Option<string?>("--out") { Description = "Folder that the report is copied to." };
        var command = new Command("demo", "Everything small, offline, from nothing to a report (minutes).")
        {
            output,
            CommandContext.JsonOption,
        };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    await using (var pipeline = EmbeddedPipeline.Create(context))
                        await StoreSamplesAsync(context, pipeline, cancellation);

                    var scenario = Sample("demo.yaml");
                    var code = await RunCommand.RunAsync(
                        context,
                        new RunRequest(await File.ReadAllTextAsync(scenario, cancellation), "demo.yaml", []),
                        parsed.GetValue(output),
                        cancellation
                    );
                    context.Terminal.Say(
                        $"The scenario is {scenario}; 'transfer datasets' and 'transfer models' list what it left."
                    );
                    return code;
                }
            )
        );
        return command;
    }

    private static async Task StoreSamplesAsync(
        CommandContext context,
        EmbeddedPipeline pipeline,
        CancellationToken cancellation
    )
    {
        var reviews = await pipeline.Inputs.ImportDatasetAsync(Sample("reviews"), "reviews", cancellation);
        var model = await pipeline.Models.ImportAsync(Sample("tiny-bert"), "tiny-bert", cancellation: cancellation);
        context.Terminal.Say($"Stored dataset {reviews.Id} and model {model.Id} (a configuration, no weights).");
    }

    private static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "samples", name);
}
