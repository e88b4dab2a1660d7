using System.Text.RegularExpressions;
using System.Xml.Linq;
using TransferPipeline.TestKit;

namespace TransferPipeline.Architecture.Tests;

/// <summary>A text file of the repository.</summary>
/// <param name="Path">From the root, with <c>/</c>.</param>
internal sealed record SourceFile(string Path, string Text)
{
    public string[] Lines { get; } = Text.TrimEnd('\n').Split('\n');
    public string Name => System.IO.Path.GetFileName(Path);
    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal);
    public bool IsProject => Path.EndsWith(".csproj", StringComparison.Ordinal);

    /// <summary>Every line that matches, written <c>path:line: text</c>.</summary>
    public IEnumerable<string> Matches(Regex pattern) =>
        Lines.Index().Where(line => pattern.IsMatch(line.Item)).Select(line => At(line.Index));

    public string At(int index) => $"{Path}:{index + 1}: {Lines[index].Trim()}";

    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);
}

/// <summary>The texts of the repository, or of a counter-example.</summary>
internal sealed record Repository(IReadOnlyList<SourceFile> Files)
{
    private static readonly string[] Kinds =
    [
        ".cs",
        ".csproj",
        ".props",
        ".md",
        ".yml",
        ".yaml",
        ".json",
        ".sh",
        ".sln",
    ];
    private static readonly string[] NotOurs =
    [
        "artifacts",
        "bin",
        "obj",
        ".git",
        ".vs",
        ".idea",
        "TestResults",
        "Fixtures",
    ];

    public IEnumerable<SourceFile> Code => Files.Where(file => file.IsCode);
    public IEnumerable<SourceFile> Projects => Files.Where(file => file.IsProject);

    /// <summary>Names of the projects that a project refers to.</summary>
    public static IEnumerable<string> References(SourceFile project) =>
        XDocument
            .Parse(project.Text)
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

    public static Repository Read()
    {
        var root = GoldenFolders.RepositoryRoot;
        return new([
            .. Walk(new DirectoryInfo(root))
                .Select(file => new SourceFile(
                    Path.GetRelativePath(root, file.FullName).Replace('\\', '/'),
                    File.ReadAllText(file.FullName)
                )),
        ]);
    }

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        folder
            .EnumerateDirectories()
            .Where(inner => !NotOurs.Contains(inner.Name))
            .SelectMany(Walk)
            .Concat(folder.EnumerateFiles().Where(file => Kinds.Contains(file.Extension) || file.Name == "run"));
}
