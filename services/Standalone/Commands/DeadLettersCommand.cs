using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Remote;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer dead-letters [list|show ID|replay ID] [--server URL]</c></summary>
internal static class DeadLettersCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var list = new Command("list", "List them, newest first.") { CommandContext.JsonOption };
        list.SetAction(CommandContext.Guard(ListAsync));
        var command = new Command("dead-letters", "Messages that no service could take.")
        {
            list,
            Show(),
            Replay(),
            CommandContext.JsonOption,
        };
        command.SetAction(CommandContext.Guard(ListAsync));
        return command;
    }

    private static async Task<int> ListAsync(CommandContext context, ParseResult _, CancellationToken cancellation)
    {
        if (context.Server is not null)
            return await RemoteDeadLetters.ListAsync(context, cancellation);
        await using var desk = BrokerDesk.Open(context);
        var letters = await desk.DeadLetters.ListAsync(cancellation);
        if (context.Terminal.Json)
        {
            Terminal.WriteJson(JsonSerializer.Serialize(letters, WireFormat.Readable));
            return ExitCode.Done;
        }
        var table = Terminal.Table("id", "died", "queue", "message", "reason", "replays");
        foreach (var letter in letters)
            table.AddRow(
                Terminal.Cell(letter.Id),
                Terminal.Cell(letter.Died.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                Terminal.Cell(letter.Queue),
                Terminal.Cell(letter.MessageType?.Split('.')[^1] ?? "unreadable"),
                Terminal.Cell(letter.Reason),
                Terminal.Cell(letter.Replays)
            );
        context.Terminal.Show(table);
        return ExitCode.Done;
    }

    private static Command Show()
    {
        var id = new Argument<string>("ID") { Description = "The letter's id." };
        var command = new Command("show", "Show one with its message and error, as JSON.") { id };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    if (context.Server is not null)
                        return await RemoteDeadLetters.ShowAsync(context, parsed.GetValue(id)!, cancellation);
                    await using var desk = BrokerDesk.Open(context);
                    DeadLetterDocument letter =
                        await desk.DeadLetters.FindAsync(parsed.GetValue(id)!, cancellation)
                        ?? throw new BadInputException(
                            $"there is no dead letter '{parsed.GetValue(id)}'; 'transfer dead-letters' lists them"
                        );
                    Terminal.WriteJson(JsonSerializer.Serialize(letter, WireFormat.Readable));
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static Command Replay()
    {
        var id = new Argument<string>("ID") { Description = "The letter's id." };
        var command = new Command("replay", "Send one to its queue again.") { id };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    if (context.Server is not null)
                        return await RemoteDeadLetters.ReplayAsync(context, parsed.GetValue(id)!, cancellation);
                    await using var desk = BrokerDesk.Open(context);
                    await desk.StartAsync(cancellation);
                    using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                    patience.CancelAfter(Patience);
                    try
                    {
                        var letter = await desk.DeadLetters.ReplayAsync(parsed.GetValue(id)!, patience.Token);
                        context.Terminal.Say($"Sent to {letter.Queue} again.");
                        return ExitCode.Done;
                    }
                    catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                    {
                        throw new BadInputException(
                            $"the broker did not take the message within {Patience.TotalSeconds} s; the letter is kept"
                        );
                    }
                }
            )
        );
        return command;
    }
}
