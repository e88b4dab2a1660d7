using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Ingestion.Inbox;

/// <summary>Section <c>Inbox</c> of the configuration.</summary>
internal sealed class InboxOptions : IValidatableObject
{
    /// <summary>The folder that is watched; none by default.</summary>
    public string? Folder { get; set; }

    /// <summary>How often the folder is looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a size and time must stand still before a file counts as complete.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan StillFor { get; set; } = TimeSpan.FromSeconds(10);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Folder is not null && !Path.IsPathFullyQualified(Folder))
            yield return new($"Inbox:Folder {Folder}: expected a full path.", [nameof(Folder)]);
    }
}
