using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone.Remote;

/// <summary>A server's messages that no service could take.</summary>
internal static class RemoteDeadLetters
{
    private const string Letters = "api/dead-letters";

    public static async Task<int> ListAsync(CommandContext context, CancellationToken cancellation)
    {
        using var api = context.OpenServer();
        var letters = await api.GetAsync<IReadOnlyList<DeadLetter>>(Letters, cancellation);
        if (context.Terminal.Json)
        {
            Terminal.WriteJson(JsonSerializer.Serialize(letters, WireFormat.Readable));
            return ExitCode.Done;
        }
        var table = Terminal.Table("id", "died", "queue", "message", "reason", "replays");
        foreach (var letter in letters)
            table.AddRow(
                Terminal.Cell(letter.Id),
                Terminal.Cell(letter.Died?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                Terminal.Cell(letter.Queue),
                Terminal.Cell(letter.MessageType?.Split('.')[^1] ?? "unreadable"),
                Terminal.Cell(letter.Reason),
                Terminal.Cell(letter.Replays)
            );
        context.Terminal.Show(table);
        return ExitCode.Done;
    }

    /// <summary>Shows one with its message and error, as JSON.</summary>
    public static async Task<int> ShowAsync(CommandContext context, string id, CancellationToken cancellation)
    {
        using var api = context.OpenServer();
        var letter = await api.GetAsync<JsonObject>($"{Letters}/{Uri.EscapeDataString(id)}", cancellation);
        Terminal.WriteJson(letter.ToJsonString(WireFormat.Readable));
        return ExitCode.Done;
    }

    /// <summary>Sends one to its queue again.</summary>
    public static async Task<int> ReplayAsync(CommandContext context, string id, CancellationToken cancellation)
    {
        using var api = context.OpenServer();
        var letter = await api.PostAsync<DeadLetter>(
            $"{Letters}/{Uri.EscapeDataString(id)}/replay",
            null,
            cancellation
        );
        context.Terminal.Say($"Sent to {letter.Queue} again.");
        return ExitCode.Done;
    }

    private sealed record DeadLetter(
        string Id,
        DateTimeOffset? Died = null,
        string? Queue = null,
        string? MessageType = null,
        string? Reason = null,
        int Replays = 0
    );
}
