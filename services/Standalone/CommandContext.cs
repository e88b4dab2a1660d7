using System.CommandLine;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Desks;
using TransferPipeline.Standalone.Remote;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone;

/// <summary>The global options of one call.</summary>
/// <param name="Server">Whose pipeline is meant; null: that of this process.</param>
/// <param name="KeyFile">Holds the key for the server.</param>
internal sealed record CommandContext(
    string Home,
    bool Verbose,
    Terminal Terminal,
    string? Server = null,
    string? KeyFile = null
)
{
    public static Option<string?> HomeOption { get; } =
        new("--home")
        {
            Description = "Folder of the state (default ~/.transfer, or TRANSFER_HOME).",
            Recursive = true,
        };

    public static Option<bool> VerboseOption { get; } =
        new("--verbose") { Description = "Log what happens to standard error.", Recursive = true };

    public static Option<string?> ServerOption { get; } =
        new("--server")
        {
            Description = "Address of a server whose pipeline is meant; its key is taken from TRANSFER_KEY.",
            Recursive = true,
        };

    public static Option<string?> KeyFileOption { get; } =
        new("--key-file") { Description = "A file with the key for --server.", Recursive = true };

    public static Option<bool> JsonOption { get; } =
        new("--json") { Description = "Print the result as one JSON document on standard output." };

    /// <summary>Runs a command's action; wrong requests end with exit code 2 and their message.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Guard(
        Func<CommandContext, ParseResult, CancellationToken, Task<int>> action
    ) =>
        async (parsed, cancellation) =>
        {
            var context = From(parsed);
            try
            {
                return await action(context, parsed, cancellation);
            }
            catch (BadInputException wrong)
            {
                foreach (var problem in wrong.Problems)
                    context.Terminal.Complain(problem);
                return ExitCode.BadRequest;
            }
            catch (Exception away) when (away is ServerAwayException or HttpIOException)
            {
                context.Terminal.Complain(away.Message);
                return ExitCode.BadRequest;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return ExitCode.Cancelled;
            }
        };

    /// <summary>Where a model lies while it is pulled.</summary>
    public string Downloads => Path.Combine(Home, "downloads");

    /// <summary>The pipeline that the command is for.</summary>
    public IStudyDesk OpenDesk() =>
        Server is null ? new LocalDesk(this) : new RemoteDesk(this, OpenServer(), TimeProvider.System);

    /// <summary>The server's API.</summary>
    public ApiClient OpenServer() =>
        Server is null
            ? throw new BadInputException("expected --server URL")
            : new ApiClient(ServerAddress.Of(Server), ServerAddress.Key(KeyFile), TimeProvider.System);

    /// <summary>The home where none is named on the command line.</summary>
    public static string DefaultHome { get; } =
        Path.GetFullPath(
            Environment.GetEnvironmentVariable("TRANSFER_HOME")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".transfer")
        );

    private static CommandContext From(ParseResult parsed)
    {
        var home = parsed.GetValue(HomeOption) ?? DefaultHome;
        return new CommandContext(
            Path.GetFullPath(home),
            parsed.GetValue(VerboseOption),
            Terminals.Terminal.Open(parsed.GetResult(JsonOption) is not null && parsed.GetValue(JsonOption)),
            parsed.GetValue(ServerOption),
            parsed.GetValue(KeyFileOption)
        );
    }
}
