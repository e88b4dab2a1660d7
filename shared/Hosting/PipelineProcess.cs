using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;

namespace TransferPipeline.Hosting;

/// <summary>A service as a process of its own.</summary>
public static class PipelineProcess
{
    /// <summary>EX_CONFIG of sysexits.h.</summary>
    public const int BadConfiguration = 78;

    /// <summary>Runs until asked to stop; a setting that cannot be is one line on standard error, without a trace.</summary>
    /// <param name="name">The service's name, in logs and traces.</param>
    /// <param name="args">Configuration, <c>--Section:Key=value</c>, over that of files and of the environment.</param>
    /// <param name="add">Registers the service.</param>
    /// <param name="map">Maps what it answers over HTTP.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string name, string[] args, Action<WebApplicationBuilder> add, Action<WebApplication> map)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            builder.AddPipelineDefaults(name);
            add(builder);
            var app = builder.Build();
            map(app);
            app.RunToEnd();
            return 0;
        }
        catch (Exception wrong) when (IsOfConfiguration(wrong))
        {
            foreach (var failure in (wrong as OptionsValidationException)?.Failures ?? [wrong.Message])
                Console.Error.WriteLine($"{name}: {failure}");
            return BadConfiguration;
        }
    }

    // The binder says which value of which key it cannot convert, and wraps what the converter said.
    private static bool IsOfConfiguration(Exception wrong) =>
        wrong is OptionsValidationException or BadInputException
        || wrong is InvalidOperationException { InnerException: FormatException or ArgumentException };
}
