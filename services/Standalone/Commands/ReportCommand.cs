using System.CommandLine;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer report RUN [--out DIR]</c></summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "The run's id." };
        var output = new Option<string?>("--out") { Description = "Folder that the report is copied to." };
        var command = new Command("report", "Show a run's report and where its files lie.")
        {
            run,
            output,
            CommandContext.JsonOption,
        };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    await using var desk = context.OpenDesk();
                    var id = (await desk.RunAsync(parsed.GetValue(run)!, cancellation)).Id;
                    var report =
                        await desk.ReportAsync(id, cancellation)
                        ?? throw new BadInputException(
                            $"Run {id} has no report yet; 'transfer steps {id}' shows how far it is."
                        );
                    var folder = await report.CopyAsync(
                        parsed.GetValue(output) ?? Path.Combine(context.Home, "reports", id),
                        cancellation
                    );
                    var json = await report.ReadJsonAsync(cancellation);
                    if (context.Terminal.Json)
                        Terminal.WriteJson(json);
                    else
                        ReportTable.Show(context.Terminal, json);
                    context.Terminal.Say($"Report: {Path.Combine(folder, "report.html")}");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
