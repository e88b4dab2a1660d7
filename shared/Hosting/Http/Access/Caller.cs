using Microsoft.AspNetCore.Http;

namespace TransferPipeline.Hosting.Http.Access;

/// <summary>Who asks; the gateway tells services so in a header, <c>name;role</c>.</summary>
public sealed record Caller(string Name, AccessRole Role)
{
    /// <summary>The header by which the gateway tells it.</summary>
    public const string Header = "X-Caller";

    /// <summary>The caller of a request that has passed the gate; null before.</summary>
    public static Caller? Of(HttpContext context) => context.Features.Get<Caller>();

    /// <summary>Reads the header; null where it is not well made.</summary>
    public static Caller? Parse(string header) =>
        header.Split(';') is [{ Length: > 0 } name, var role]
        && role.All(char.IsAsciiLetter)
        && Enum.TryParse<AccessRole>(role, ignoreCase: true, out var known)
            ? new Caller(name, known)
            : null;

    /// <summary>As the header carries it.</summary>
    public override string ToString() => $"{Name};{Role.ToString().ToLowerInvariant()}";
}
