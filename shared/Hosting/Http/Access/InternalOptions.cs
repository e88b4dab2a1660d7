using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Hosting.Http.Access;

/// <summary>Section <c>Internal</c> of the configuration: the key by which services know the gateway.</summary>
public sealed class InternalOptions : IValidatableObject
{
    private const int Shortest = 16;

    public string? Key { get; set; }

    /// <summary>A file that holds the key and nothing else; it wins over <see cref="Key"/>.</summary>
    public string? KeyFile { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (KeyFile is not null && !File.Exists(KeyFile))
            yield return new($"Internal:KeyFile names no file: {KeyFile}", [nameof(KeyFile)]);
        else if (Read() is { Length: < Shortest })
            yield return new($"The internal key is shorter than {Shortest} characters.", [nameof(Key)]);
    }

    /// <summary>The key; null where none is configured.</summary>
    public string? Read()
    {
        var key = KeyFile is null ? Key : File.ReadAllText(KeyFile).Trim();
        return string.IsNullOrEmpty(key) ? null : key;
    }
}
