using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Hosting.Bus;

/// <summary>What carries the messages.</summary>
public enum BusTransport
{
    /// <summary>This process only.</summary>
    InMemory,
    RabbitMq,
}

/// <summary>Section <c>Bus</c> of the configuration.</summary>
public sealed class PipelineBusOptions : IValidatableObject
{
    public BusTransport Transport { get; set; } = BusTransport.InMemory;

    [Required]
    public string Host { get; set; } = "localhost";

    [Range(1, 65535)]
    public int Port { get; set; } = 5672;

    [Required]
    public string VirtualHost { get; set; } = "/";

    public string User { get; set; } = "guest";

    public string? Password { get; set; }

    /// <summary>A file that holds the password and nothing else; it wins over <see cref="Password"/>.</summary>
    public string? PasswordFile { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PasswordFile is not null && !File.Exists(PasswordFile))
            yield return new($"Bus:PasswordFile names no file: {PasswordFile}", [nameof(PasswordFile)]);
        if (Transport == BusTransport.RabbitMq && Password is null && PasswordFile is null)
            yield return new("Bus:Password or Bus:PasswordFile is required for RabbitMq.", [nameof(Password)]);
    }

    internal string ReadPassword() => PasswordFile is null ? Password ?? "" : File.ReadAllText(PasswordFile).Trim();
}
