using System.CommandLine;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Hub;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer models pull NAME[@REVISION]</c></summary>
internal static class PullCommand
{
    private const double Gigabyte = 1e9;

    private static readonly Argument<string> Model = new("NAME")
    {
        Description = "owner/name, or owner/name@revision: a branch, a tag or a commit; left out, main.",
    };
    private static readonly Option<string?> From = new("--from")
    {
        Description =
            "Address of a server that answers as the Hub does; left out, HF_ENDPOINT or the Hugging Face Hub.",
    };
    private static readonly Option<string?> Name = new("--name")
    {
        Description = "The model's name here; left out, the last part of its name there.",
    };
    private static readonly Option<double> MaxGigabytes = new("--max-gigabytes")
    {
        Description = "Refuse a model whose files have more.",
        DefaultValueFactory = _ => 20,
    };

    public static Command Create()
    {
        var command = new Command("pull", "Fetch a model from the Hugging Face Hub and store it; HF_TOKEN opens more.")
        {
            Model,
            From,
            Name,
            MaxGigabytes,
        };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    var most = parsed.GetValue(MaxGigabytes);
                    if (most is not (> 0 and <= 1e6))
                        throw new BadInputException($"--max-gigabytes {most}: expected a number above 0");
                    var pull = new ModelPull(
                        HubAddress.Of(parsed.GetValue(From), Environment.GetEnvironmentVariable),
                        HubPatience.Usual,
                        context.Downloads,
                        (long)(most * Gigabyte),
                        context.Terminal,
                        TimeProvider.System
                    );
                    var model = HubName.Of(parsed.GetValue(Model)!);
                    await using var desk = context.OpenDesk();
                    var stored = await pull.PullAsync(desk, model, parsed.GetValue(Name), cancellation);
                    context.Terminal.Say($"Stored model {stored.Id}.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
