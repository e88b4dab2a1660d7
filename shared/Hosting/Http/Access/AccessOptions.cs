using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Hosting.Http.Access;

/// <summary>Section <c>Access</c> of the configuration: the API keys, by their hashes.</summary>
public sealed class AccessOptions : IValidatableObject
{
    public IList<AccessKey> Keys { get; set; } = [];

    /// <summary>A file with a JSON list of <c>{ "name": …, "role": …, "hash": … }</c>, beside <see cref="Keys"/>.</summary>
    public string? KeysFile { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (KeysFile is not null && !File.Exists(KeysFile))
        {
            yield return new($"Access:KeysFile names no file: {KeysFile}", [nameof(KeysFile)]);
            yield break;
        }
        IReadOnlyList<AccessKey> all = [];
        var fault = "";
        try
        {
            all = All();
        }
        catch (JsonException wrong)
        {
            fault = wrong.Message;
        }
        if (fault.Length > 0)
            yield return new(
                $"Access:KeysFile is not a JSON list of keys, {{ name, role, hash }}: {fault}",
                [nameof(KeysFile)]
            );
        foreach (var name in all.GroupBy(key => key.Name).Where(same => same.Count() > 1).Select(same => same.Key))
            yield return new($"Access: two keys have the name '{name}'; expected one key for each name");
        foreach (var key in all)
        {
            if (
                key.Name.Length == 0
                || !key.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            )
                yield return new($"Access: a key's name is '{key.Name}'; expected letters, digits, '-', '_' and '.'");
            if (!ApiKeys.IsHash(key.Hash))
                yield return new(
                    $"Access: the hash of key '{key.Name}' is none; expected sha256: and 64 hexadecimal digits"
                );
        }
    }

    /// <summary>The keys of both places.</summary>
    public IReadOnlyList<AccessKey> All() =>
        KeysFile is null
            ? [.. Keys]
            :
            [
                .. Keys,
                .. JsonSerializer.Deserialize<List<AccessKey>>(File.ReadAllText(KeysFile), WireFormat.Options) ?? [],
            ];
}

/// <summary>One API key: whose it is, what it may do, and the SHA-256 of it.</summary>
public sealed record AccessKey
{
    public string Name { get; set; } = "";
    public AccessRole Role { get; set; } = AccessRole.Reader;

    /// <summary><c>sha256:</c> and 64 hexadecimal digits, or the digits alone, of the key's UTF-8.</summary>
    public string Hash { get; set; } = "";
}
