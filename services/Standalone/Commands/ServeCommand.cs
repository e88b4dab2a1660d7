using System.CommandLine;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Serving;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer serve [--urls URLS]</c></summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen, separated by ';'; loopback unless told otherwise.",
            DefaultValueFactory = _ => "http://127.0.0.1:5080",
        };
        var command = new Command("serve", "Run the whole pipeline and its HTTP API in this process.") { urls };
        command.SetAction(
            CommandContext.Guard(
                (context, parsed, cancellation) => ServeAsync(context, parsed.GetValue(urls)!, cancellation)
            )
        );
        return command;
    }

    private static async Task<int> ServeAsync(CommandContext context, string urls, CancellationToken cancellation)
    {
        foreach (var url in urls.Split(';'))
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                throw new BadInputException($"--urls {url}: expected an address, as in http://127.0.0.1:5080");

        await using var server = PipelineServer.Create(context, urls);
        try
        {
            await server.App.StartAsync(cancellation);
        }
        catch (IOException taken)
        {
            throw new BadInputException($"--urls {urls}: {taken.Message}");
        }
        foreach (var address in server.App.Urls)
        {
            context.Terminal.Say($"Listening on {address}");
            if (new Uri(address) is { Scheme: "http", IsLoopback: false })
                context.Terminal.Complain(
                    $"{address} can be reached from other machines, and keys travel in the clear."
                );
        }
        if (server.OneTimeKey is { } key)
        {
            context.Terminal.Say($"Key for this time, role admin: {key}");
            context.Terminal.Say($"Try: curl -H 'Authorization: Bearer {key}' {server.App.Urls.First()}/api/runs");
        }
        await server.App.WaitForShutdownAsync(cancellation);
        context.Terminal.Complain("Stopped: running steps wrote a checkpoint and were released.");
        return ExitCode.Done;
    }
}
