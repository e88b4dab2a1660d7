namespace TransferPipeline.Hosting.Http.Uploads;

/// <summary>A file of an upload.</summary>
/// <param name="Field">The part's name; empty for a raw body.</param>
/// <param name="Name">The file's name as the caller wrote it, plain.</param>
/// <param name="Path">Where its bytes lie.</param>
public sealed record UploadedFile(string Field, string Name, string Path);
