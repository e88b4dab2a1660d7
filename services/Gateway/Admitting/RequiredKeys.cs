using Microsoft.Extensions.Options;
using TransferPipeline.Hosting.Http.Access;

namespace TransferPipeline.Gateway.Admitting;

/// <summary>Without keys the gateway does not start: neither open to everybody, nor shut to the services.</summary>
internal sealed class RequiredKeys : IValidateOptions<AccessOptions>, IValidateOptions<InternalOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        if (options.KeysFile is not null && !File.Exists(options.KeysFile))
            return ValidateOptionsResult.Skip;
        return options.All().Count > 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                "No API key is configured; expected Access:Keys or Access:KeysFile with the name, role and hash of each."
            );
    }

    public ValidateOptionsResult Validate(string? name, InternalOptions options)
    {
        if (options.KeyFile is not null && !File.Exists(options.KeyFile))
            return ValidateOptionsResult.Skip;
        return options.Read() is not null
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                "No internal key is configured; expected Internal:Key or Internal:KeyFile, the same as the services have."
            );
    }
}
