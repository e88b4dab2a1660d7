using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TransferPipeline.Hosting;

/// <summary>Options that are read from the configuration in one place and checked when the host starts.</summary>
public static class ValidatedOptions
{
    /// <summary>Binds the section named like the class without <c>Options</c> (and a leading <c>Pipeline</c>).</summary>
    public static IServiceCollection AddValidatedOptions<T>(this IServiceCollection services)
        where T : class
    {
        services.AddOptions<T>().BindConfiguration(SectionOf(typeof(T))).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }

    /// <inheritdoc cref="AddValidatedOptions{T}(IServiceCollection)"/>
    public static IHostApplicationBuilder AddValidatedOptions<T>(this IHostApplicationBuilder builder)
        where T : class
    {
        builder.Services.AddValidatedOptions<T>();
        return builder;
    }

    private static string SectionOf(Type options)
    {
        var name = options.Name.EndsWith("Options", StringComparison.Ordinal) ? options.Name[..^7] : options.Name;
        return name.StartsWith("Pipeline", StringComparison.Ordinal) ? name[8..] : name;
    }
}
