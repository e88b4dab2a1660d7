using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Hosting;

/// <summary>Where documents and artefacts live.</summary>
public enum StorageKind
{
    /// <summary>One file and a folder below <see cref="PipelineStorageOptions.Home"/>, for processes of one machine.</summary>
    Sqlite,
    Mongo,
}

/// <summary>Section <c>Storage</c> of the configuration.</summary>
public sealed class PipelineStorageOptions : IValidatableObject
{
    public StorageKind Kind { get; set; } = StorageKind.Sqlite;

    /// <summary>State of this machine: all of it, or with MongoDB copies of artefacts and half-done work.</summary>
    [Required]
    public string Home { get; set; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".transfer");

    /// <summary>A <c>mongodb://</c> address; its path names the database.</summary>
    public string? Connection { get; set; }

    /// <summary>A file that holds the address and nothing else; it wins over <see cref="Connection"/>.</summary>
    public string? ConnectionFile { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ConnectionFile is not null && !File.Exists(ConnectionFile))
            yield return new($"Storage:ConnectionFile names no file: {ConnectionFile}", [nameof(ConnectionFile)]);
        if (Kind == StorageKind.Mongo && Connection is null && ConnectionFile is null)
            yield return new(
                "Storage:Connection or Storage:ConnectionFile is required for Mongo.",
                [nameof(Connection)]
            );
    }

    internal string ReadConnection() =>
        ConnectionFile is null ? Connection ?? "" : File.ReadAllText(ConnectionFile).Trim();
}
