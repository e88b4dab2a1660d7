using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace TransferPipeline.Hosting.Steps;

/// <summary>Registers the worker that does this process's steps.</summary>
public static class StepRuntime
{
    /// <summary>Works on steps of every kind whose <see cref="IStepHandler"/> is registered; needs a store and a bus.</summary>
    public static IServiceCollection AddStepWorker(
        this IServiceCollection services,
        Action<StepWorkerOptions>? configure = null
    )
    {
        services.AddValidatedOptions<StepWorkerOptions>();
        if (configure is not null)
            services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StepWakeUps>();
        services.TryAddSingleton<LeaseWatch>();
        services.TryAddSingleton<StepAnnouncements>();
        services.TryAddSingleton<StepClaims>();
        services.TryAddSingleton<KeptFiles>();
        services.TryAddSingleton<StepRunner>();
        services.AddHostedService<StepWorker>();
        return services;
    }

    /// <summary>Registers the handler of one kind of step.</summary>
    public static IServiceCollection AddStepHandler<THandler>(this IServiceCollection services)
        where THandler : class, IStepHandler => services.AddSingleton<IStepHandler, THandler>();
}
