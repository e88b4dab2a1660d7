using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Hosting.Http.Access;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace TransferPipeline.Gateway.Proxying;

/// <summary>Tells services who asks, under the internal key; what the caller wrote there, and his own key, stay outside.</summary>
internal sealed class InternalHeaders(IOptions<InternalOptions> options) : ITransformProvider
{
    private readonly string _key = options.Value.Read()!;

    public void ValidateRoute(TransformRouteValidationContext context) { }

    public void ValidateCluster(TransformClusterValidationContext context) { }

    public void Apply(TransformBuilderContext context)
    {
        context.AddRequestTransform(transform =>
        {
            var headers = transform.ProxyRequest.Headers;
            headers.Remove(HeaderNames.Authorization);
            headers.Remove(HeaderNames.Cookie);
            // A service takes the key alone for an order of this process itself: never without the caller.
            var caller = Caller.Of(transform.HttpContext);
            Set(InternalKey.Header, caller is null ? null : _key);
            Set(Caller.Header, caller?.ToString());
            Set(RequestIds.Header, transform.HttpContext.TraceIdentifier);
            return default;

            void Set(string name, string? value)
            {
                headers.Remove(name);
                if (value is not null)
                    headers.TryAddWithoutValidation(name, value);
            }
        });
        // The service's echo would stand beside the gateway's own.
        context.AddResponseTransform(transform =>
        {
            RequestIds.Echo(transform.HttpContext);
            return default;
        });
    }
}
