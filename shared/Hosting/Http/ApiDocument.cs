using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;
using TransferPipeline.Contracts;

namespace TransferPipeline.Hosting.Http;

/// <summary>The OpenAPI document of what a process answers.</summary>
public static class ApiDocument
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/openapi/v1.json";

    private const string KeyScheme = "apiKey";

    internal static IHostApplicationBuilder AddApiDocument(this IHostApplicationBuilder builder)
    {
        // Schemas follow the serializer that answers.
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = WireFormat.Options.DefaultIgnoreCondition;
            json.SerializerOptions.Encoder = WireFormat.Options.Encoder;
            foreach (var converter in WireFormat.Options.Converters)
                json.SerializerOptions.Converters.Add(converter);
        });
        builder.Services.AddOpenApi(options =>
            options.AddDocumentTransformer(
                (document, _, _) =>
                {
                    document.Info = new OpenApiInfo { Title = "TransferPipeline", Version = "v1" };
                    document.Servers?.Clear();
                    document.Components ??= new OpenApiComponents();
                    document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
                    document.Components.SecuritySchemes[KeyScheme] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.Http,
                        Scheme = "bearer",
                        Description = "An API key, tp_…",
                    };
                    document.Security =
                    [
                        new OpenApiSecurityRequirement
                        {
                            [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [],
                        },
                    ];
                    return Task.CompletedTask;
                }
            )
        );
        return builder;
    }

    /// <summary>Whoever reaches the process may read it.</summary>
    internal static IEndpointRouteBuilder MapApiDocument(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi(Path);
        return endpoints;
    }

    /// <summary>Says that an endpoint reads bytes of these types; unlike <c>Accepts</c> it refuses no others.</summary>
    public static RouteHandlerBuilder TakesBytes(this RouteHandlerBuilder endpoint, params string[] types) =>
        endpoint.AddOpenApiOperationTransformer(
            (operation, _, _) =>
            {
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = types.ToDictionary(
                        type => type,
                        type => new OpenApiMediaType { Schema = SchemaOf(type) }
                    ),
                };
                return Task.CompletedTask;
            }
        );

    private static OpenApiSchema SchemaOf(string type) =>
        type == "multipart/form-data"
            ? new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
            }
            : new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
}
