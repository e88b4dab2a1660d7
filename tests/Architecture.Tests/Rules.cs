using System.Text.RegularExpressions;

namespace TransferPipeline.Architecture.Tests;

/// <summary>A wall of the house.</summary>
/// <param name="Breaks">What in a repository breaks it, one line each.</param>
/// <param name="Path">Where the counter-example lies.</param>
/// <param name="Text">The counter-example.</param>
internal sealed record Rule(string Name, Func<Repository, IEnumerable<string>> Breaks, string Path, string Text);

internal static partial class Rules
{
    /// <summary>The projects of <c>shared/</c> and what each may refer to; a service may refer to all of them.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Contracts"] = [],
        ["Datasets"] = ["Contracts"],
        ["Storage"] = ["Contracts", "Datasets"],
        ["Hosting"] = ["Contracts", "Datasets", "Storage"],
        ["Modelling"] = ["Contracts", "Datasets"],
        ["Perturbation"] = ["Contracts", "Datasets", "Modelling"],
    };

    /// <summary>The one service that holds the others.</summary>
    private const string Standalone = "Standalone";

    /// <summary>Files with a reason to be longer than the rule says, and how long they may be.</summary>
    private static readonly Dictionary<string, int> Longer = new()
    {
        // One method per part of the scenario file, in the file's order.
        ["services/Orchestration/Scenarios/ScenarioLoader.cs"] = 280,
        // One switch, read from top to bottom.
        ["services/Orchestration/Runs/Workflow.cs"] = 260,
        // One method per part of the schema, in the scenario file's order.
        ["services/Orchestration/Scenarios/ScenarioSchema.cs"] = 260,
    };

    public static IReadOnlyList<Rule> All { get; } =
    [
        new(
            "Projects of shared refer downwards only",
            repository => repository.Projects.Where(project => project.IsIn("shared")).SelectMany(WrongArrows),
            "shared/Contracts/Contracts.csproj",
            """<Project><ItemGroup><ProjectReference Include="../Storage/Storage.csproj" /></ItemGroup></Project>"""
        ),
        new(
            "A service refers to no service",
            repository => repository.Projects.Where(project => project.IsIn("services")).SelectMany(Neighbours),
            "services/Training/Training.csproj",
            """<Project><ItemGroup><ProjectReference Include="../Ingestion/Ingestion.csproj" /></ItemGroup></Project>"""
        ),
        new(
            "Only Modelling brings TorchSharp along",
            repository =>
                repository
                    .Projects.Where(project => project.Path != "shared/Modelling/Modelling.csproj")
                    .SelectMany(project => project.Matches(TorchPackage())),
            "services/Evaluation/Evaluation.csproj",
            """<Project><ItemGroup><PackageReference Include="TorchSharp" /></ItemGroup></Project>"""
        ),
        new(
            "Versions of packages stand in one file",
            repository => repository.Projects.SelectMany(project => project.Matches(PackageVersion())),
            "shared/Storage/Storage.csproj",
            """<Project><ItemGroup><PackageReference Include="Dapper" Version="2.1.0" /></ItemGroup></Project>"""
        ),
        new(
            "Each project says what belongs there",
            repository =>
                repository
                    .Projects.Where(project => project.IsIn("shared") || project.IsIn("services"))
                    .Select(project => Folder(project) + "/README.md")
                    .Except(repository.Files.Select(file => file.Path)),
            "services/Silent/Silent.csproj",
            "<Project></Project>"
        ),
        new(
            "Messages are sealed records that begin with their ids",
            repository =>
                Contracts(repository)
                    .SelectMany(file => file.Matches(Message()))
                    .Where(line => !WellMadeMessage().IsMatch(line)),
            "shared/Contracts/Steps/Distilling.cs",
            "public record DistilModel(string Teacher, StepId Step, RunId Run) : IStepCommand;"
        ),
        new(
            "A message is declared once, in Contracts",
            repository =>
                repository
                    .Code.Where(file => !file.IsIn("shared/Contracts") && !file.IsIn("tests"))
                    .SelectMany(file => file.Matches(Message())),
            "services/Orchestration/Runs/ModelFineTuned.cs",
            "public sealed record ModelFineTuned(RunId Run, StepId Step) : IStepEvent;"
        ),
        new(
            "A Program.cs has at most 20 lines",
            repository => TooLong(repository, file => file.Name == "Program.cs" && file.IsIn("services"), 20),
            "services/Training/Program.cs",
            Long(21)
        ),
        new(
            "A consumer has at most 60 lines",
            repository => TooLong(repository, file => !file.IsIn("tests") && file.Text.Contains("IConsumer<"), 60),
            "services/Training/FineTuning/FineTuneModelConsumer.cs",
            "class FineTuneModelConsumer : IConsumer<FineTuneModel>\n" + Long(60)
        ),
        new(
            "A file of a service has at most 200 lines",
            repository => TooLong(repository, file => file.IsIn("services"), 200),
            "services/Training/FineTuning/Everything.cs",
            Long(201)
        ),
        new(
            "A file of shared has at most 250 lines, a model 320",
            repository =>
                TooLong(repository, file => file.IsIn("shared") && !file.IsIn("shared/Modelling/Models"), 250)
                    .Concat(TooLong(repository, file => file.IsIn("shared/Modelling/Models"), 320)),
            "shared/Modelling/Models/Enormous.cs",
            Long(321)
        ),
        new(
            "An allowance for a long file is taken back when the file is short again",
            repository =>
                Longer.Keys.Where(path => repository.Files.Any(file => file.Path == path && file.Lines.Length <= 200)),
            "services/Orchestration/Scenarios/ScenarioLoader.cs",
            Long(200)
        ),
        new(
            "Types are named after what they are",
            repository => repository.Code.SelectMany(file => file.Matches(EmptyName())),
            "shared/Storage/Documents/DocumentManager.cs",
            "public sealed class DocumentManager;"
        ),
        new(
            "No file is a drawer for everything",
            repository => repository.Code.Where(file => DrawerFile().IsMatch(file.Name)).Select(file => file.Path),
            "shared/Hosting/Extensions.cs",
            ""
        ),
        new(
            "Classes and records are sealed, static or abstract",
            repository =>
                repository.Code.Where(file => !file.IsIn("tests")).SelectMany(file => file.Matches(OpenType())),
            "services/Training/Trainer.cs",
            "internal class Trainer { }"
        ),
        new(
            "Namespaces are file-scoped",
            repository => repository.Code.SelectMany(file => file.Matches(BlockNamespace())),
            "services/Training/Trainer.cs",
            "namespace TransferPipeline.Training\n{\n}"
        ),
        new(
            "A public type of shared has a summary",
            repository => repository.Code.Where(file => file.IsIn("shared")).SelectMany(WithoutSummary),
            "shared/Storage/Silent.cs",
            "namespace TransferPipeline.Storage;\n\n[Obsolete]\npublic sealed class Silent;"
        ),
        new(
            "Nothing is folded away in a region",
            repository => repository.Code.SelectMany(file => file.Matches(Region())),
            "services/Training/Trainer.cs",
            "    #" + "region Fields"
        ),
        new(
            "Members are named without this",
            repository => repository.Code.SelectMany(file => file.Matches(ThisMember())),
            "services/Training/Trainer.cs",
            "        this." + "updates = 400;"
        ),
        new(
            "Configuration is read through options only",
            repository => repository.Code.SelectMany(file => file.Matches(ConfigurationIndex())),
            "services/Training/Trainer.cs",
            "var host = builder.Configuration" + "[\"Bus:Host\"];"
        ),
        new(
            "No path of a machine is written down",
            repository => repository.Files.SelectMany(file => file.Matches(MachinePath())),
            "docs/scenarios.md",
            "Look into /" + "home/ada/studies."
        ),
        new(
            "No work is promised in a comment",
            repository => repository.Code.SelectMany(file => file.Matches(Promise())),
            "services/Training/Trainer.cs",
            "// TO" + "DO: dropout"
        ),
        new(
            "Tests wait for conditions, never asleep",
            repository => repository.Code.Where(file => file.IsIn("tests")).SelectMany(file => file.Matches(Sleep())),
            "tests/Training.Tests/TrainerTests.cs",
            "        Thread." + "Sleep(1000);"
        ),
    ];

    private static IEnumerable<string> WrongArrows(SourceFile project)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(project.Name);
        return Arrows.TryGetValue(name, out var allowed)
            ? Repository.References(project).Except(allowed).Select(target => $"{name} refers to {target}")
            : [$"{name} has no row in the table of arrows"];
    }

    private static IEnumerable<string> Neighbours(SourceFile project)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(project.Name);
        return name == Standalone
            ? []
            : Repository.References(project).Except(Arrows.Keys).Select(target => $"{name} refers to {target}");
    }

    private static IEnumerable<SourceFile> Contracts(Repository repository) =>
        repository.Code.Where(file => file.IsIn("shared/Contracts"));

    private static IEnumerable<string> TooLong(Repository repository, Func<SourceFile, bool> concerns, int limit) =>
        repository
            .Code.Where(concerns)
            .Where(file => file.Lines.Length > Longer.GetValueOrDefault(file.Path, limit))
            .Select(file => $"{file.Path} has {file.Lines.Length} lines");

    private static IEnumerable<string> WithoutSummary(SourceFile file)
    {
        for (var at = 0; at < file.Lines.Length; at++)
        {
            if (!PublicType().IsMatch(file.Lines[at]))
                continue;
            var above = at - 1;
            while (above >= 0 && file.Lines[above].StartsWith('['))
                above--;
            if (above < 0 || !file.Lines[above].StartsWith("///", StringComparison.Ordinal))
                yield return file.At(at);
        }
    }

    private static string Folder(SourceFile file) => file.Path[..file.Path.LastIndexOf('/')];

    private static string Long(int lines) => string.Join('\n', Enumerable.Repeat("// …", lines));

    [GeneratedRegex("""PackageReference Include="(TorchSharp|libtorch)""")]
    private static partial Regex TorchPackage();

    [GeneratedRegex("""PackageReference .*\bVersion(Override)?=""")]
    private static partial Regex PackageVersion();

    [GeneratedRegex(@"\brecord\b.*: (IStepCommand|IStepEvent)\b")]
    private static partial Regex Message();

    [GeneratedRegex(@": public sealed record \w+\(RunId Run, StepId Step[,)]")]
    private static partial Regex WellMadeMessage();

    [GeneratedRegex(
        @"^\s*[\w ]*\b(class|record|struct|interface|enum) +\w*(Manager|Helpers?|Utils?|Utilities|Base|Impl)\b"
    )]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"^(\w*Extensions|\w*Helpers?|\w*Utils?|Common|Misc)\.cs$")]
    private static partial Regex DrawerFile();

    [GeneratedRegex(@"^\s*(public|internal|private|protected) (partial )?(class|record) (?!struct\b)\w")]
    private static partial Regex OpenType();

    [GeneratedRegex(@"^namespace [\w.]+\s*\{?$")]
    private static partial Regex BlockNamespace();

    [GeneratedRegex(@"^public (\w+ )*(class|record|struct|interface|enum) ")]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^\s*#(end)?region\b")]
    private static partial Regex Region();

    [GeneratedRegex(@"\bthis\.[a-zA-Z_]")]
    private static partial Regex ThisMember();

    [GeneratedRegex(@"\bconfiguration\[", RegexOptions.IgnoreCase)]
    private static partial Regex ConfigurationIndex();

    [GeneratedRegex(@"(?<![\w.])/(home|Users|work|root|mnt)/\w|\b[A-Z]:\\\\?Users\b")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HA[C]K|X[X]X)\b")]
    private static partial Regex Promise();

    [GeneratedRegex(@"\bThread\.Sleep\(")]
    private static partial Regex Sleep();
}
