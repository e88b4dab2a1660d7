using System.CommandLine;

namespace TransferPipeline.Standalone.Remote;

/// <summary><c>transfer dead-letters [list|show ID|replay ID] --server URL</c></summary>
internal static class DeadLettersCommand
{
    public static Command Create()
    {
        var list = new Command("list", "List them, newest first.") { CommandContext.JsonOption };
        var command = new Command("dead-letters", "Messages that no service could take.")
        {
            list,
            One("show", "Show one with its message and error, as JSON.", RemoteDeadLetters.ShowAsync),
            One("replay", "Send one to its queue again.", RemoteDeadLetters.ReplayAsync),
            CommandContext.JsonOption,
        };
        foreach (var listing in new[] { command, list })
            listing.SetAction(
                CommandContext.Guard((context, _, cancellation) => RemoteDeadLetters.ListAsync(context, cancellation))
            );
        return command;
    }

    private static Command One(
        string name,
        string description,
        Func<CommandContext, string, CancellationToken, Task<int>> action
    )
    {
        var id = new Argument<string>("ID") { Description = "The letter's id." };
        var command = new Command(name, description) { id };
        command.SetAction(
            CommandContext.Guard((context, parsed, cancellation) => action(context, parsed.GetValue(id)!, cancellation))
        );
        return command;
    }
}
