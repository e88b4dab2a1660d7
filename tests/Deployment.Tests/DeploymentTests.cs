using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TransferPipeline.Deployment.Tests;

public sealed partial class When_it_is_deployed
{
    private const string File = "docker-compose.yml";

    [Fact]
    public void Compose_has_nothing_to_complain_of() =>
        Assert.Equal([], Known(new Compose(Yaml.Read(File)).Problems()));

    [Theory]
    [InlineData(
        "mongodb: { condition: service_healthy }",
        "mongo: { condition: service_healthy }",
        "needs mongo, which is no service"
    )]
    [InlineData(
        "training: { condition: service_healthy }",
        "training: { condition: service_started }",
        "needs training in no condition"
    )]
    [InlineData(
        "test: [CMD, rabbitmq-diagnostics",
        "tests: [CMD, rabbitmq-diagnostics",
        "waits for the health of rabbitmq, which tells none"
    )]
    [InlineData("image: rabbitmq:3.13.7", "image: rabbitmq:latest", "image rabbitmq:latest is not pinned")]
    [InlineData("image: mongo:8.0.13", "image: mongo", "image mongo is not pinned")]
    [InlineData("- mongodb:/data/db", "- mongo:/data/db", "volume mongo is not there")]
    [InlineData("./deploy/mongo/start.sh:", "./deploy/mongo/begin.sh:", "file ./deploy/mongo/begin.sh is not there")]
    [InlineData(
        "secrets: [mongo_root_password, mongo_key]",
        "secrets: [mongo_root_password, mongo_keys]",
        "secret mongo_keys is not there"
    )]
    [InlineData("Bus__PasswordFile:", "Bus__PasswortFile:", "Bus__PasswortFile: Bus has no PasswortFile")]
    [InlineData("Training__Threads:", "Trainer__Threads:", "Trainer__Threads: no options are named Trainer")]
    [InlineData("hostname: mongodb", "ports: [\"27017:27017\"]", "is published; only the gateway may be")]
    [InlineData("inside: { internal: true }", "inside: {}", "network inside has a way out")]
    [InlineData("stop_grace_period: 90s", "stop_grace_period: 10s", "is killed before it has stopped")]
    [InlineData("SERVICE: Training", "SERVICE: Trainer", "services/Trainer is not there")]
    [InlineData("cpus: \"4\", memory: 8g", "memory: 8g", "has no limits")]
    [InlineData(
        "secrets: &secrets [broker_password, ",
        "secrets: &secrets [",
        "names secret broker_password, which it does not have"
    )]
    public void Compose_complains_of(string right, string wrong, string problem)
    {
        var text = Yaml.Read(File);
        Assert.Contains(right, text);

        var problems = new Compose(text.Replace(right, wrong, StringComparison.Ordinal)).Problems();

        Assert.Contains(problems, found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void It_does_not_start_without_a_key() =>
        Assert.Matches(@"Access__Keys__0__Hash: \$\{TRANSFER_KEY_HASH:\?[^}]+\}", Yaml.Read(File));

    [Fact]
    public void The_kubernetes_files_have_nothing_to_complain_of() =>
        Assert.Equal([], Known(Kubernetes.Read().Problems()));

    [Theory]
    [InlineData("base/kustomization.yaml", "- gateway.yaml", "- gate.yaml", "base/gate.yaml is listed and not there")]
    [InlineData("base/kustomization.yaml", "  - network.yaml\n", "", "base/network.yaml is there and not listed")]
    [InlineData("keda/kustomization.yaml", "../base", "../basis", "../basis is not there")]
    [InlineData(
        "base/training.yaml",
        "    matchLabels:\n      app.kubernetes.io/name: training",
        "    matchLabels:\n      app.kubernetes.io/name: trainer",
        "training: its selector does not find its pods"
    )]
    [InlineData("base/training.yaml", "targetPort: http", "targetPort: web", "service training: no port web")]
    [InlineData(
        "base/training.yaml",
        "terminationGracePeriodSeconds: 120",
        "terminationGracePeriodSeconds: 30",
        "training: is killed before it has stopped"
    )]
    [InlineData(
        "base/training.yaml",
        "Training__Threads",
        "Training__Thread",
        "training: Training__Thread: Training has no Thread"
    )]
    [InlineData("base/ingestion.yaml", "name: transfer-settings", "name: settings", "ingestion: no ConfigMap settings")]
    [InlineData("base/settings.yaml", "Storage__Kind", "Store__Kind", "Store__Kind: no options are named Store")]
    [InlineData(
        "base/gateway.yaml",
        "              port: http",
        "              port: web",
        "gateway: livenessProbe asks a port that is not there"
    )]
    [InlineData(
        "keda/training-scaler.yaml",
        "    name: training",
        "    name: trainer",
        "scaler: no deployment trainer"
    )]
    [InlineData(
        "keda/training-scaler.yaml",
        "fine-tune",
        "finetune",
        "scaler of training: no kind of step is finetune"
    )]
    public void The_kubernetes_files_complain_of(string file, string right, string wrong, string problem)
    {
        Assert.Contains(right, Yaml.Read($"{Kubernetes.Folder}/{file}"));

        var problems = Kubernetes
            .Read((path, text) => path == file ? text.Replace(right, wrong, StringComparison.Ordinal) : text)
            .Problems();

        Assert.Contains(problems, found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Images_of_the_Dockerfile_are_pinned_and_no_service_runs_as_root()
    {
        var lines = Yaml.Read("deploy/Dockerfile").Split('\n');

        var images = lines.Select(line => From().Match(line)).Where(from => from.Success).ToList();
        Assert.Equal(3, images.Count(image => image.Groups[1].Value.Contains(':', StringComparison.Ordinal)));
        Assert.All(
            images.Select(image => image.Groups[1].Value).Where(image => image.Contains('/', StringComparison.Ordinal)),
            image => Assert.Matches(@":\d+\.\d+\.\d+-", image)
        );
        Assert.Equal("USER $APP_UID", lines.Last(line => line.StartsWith("USER ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "libtorch-cpu-linux-x64")]
    [InlineData("-p:TorchCuda=1", "TorchSharp-cuda-linux")]
    public async Task The_build_for_a_graphics_card_brings_another_libtorch(string property, string package)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (
            var argument in (string[])
                ["msbuild", "shared/Modelling/Modelling.csproj", "-getItem:PackageReference", property]
        )
            if (argument.Length > 0)
                start.ArgumentList.Add(argument);
        start.WorkingDirectory = Yaml.Root;
        using var msbuild = Process.Start(start)!;
        var items = JsonNode.Parse(await msbuild.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken))!;
        await msbuild.WaitForExitAsync(TestContext.Current.CancellationToken);

        var packages = items["Items"]!["PackageReference"]!.AsArray().Select(item => (string?)item!["Identity"]);
        Assert.Equal(
            [package],
            packages.Where(name => name!.StartsWith("libtorch", StringComparison.Ordinal) || name.Contains("cuda"))
        );
    }

    [Fact]
    public void Prometheus_scrapes_every_service_that_compose_builds()
    {
        var jobs = Yaml.Documents(Yaml.Read("deploy/observability/prometheus.yml")).Single()["scrape_configs"].Items;
        var scraped = jobs.SelectMany(job => job["dns_sd_configs"].Items).SelectMany(lookup => lookup["names"].Texts);
        var compose = Yaml.Documents(Yaml.Read(File)).Single()["services"];

        Assert.Equal(
            compose.Entries.Where(one => one.Value["build"].Is).Select(one => one.Key).Order(),
            scraped.Order()
        );
    }

    [Fact]
    public void The_script_for_one_machine_starts_what_compose_builds_and_sets_nothing_that_is_not_read()
    {
        var script = Yaml.Read("deploy/local.sh");
        var compose = Yaml.Documents(Yaml.Read(File)).Single()["services"];

        Assert.Equal(
            compose.Entries.Where(one => one.Value["build"].Is).Select(one => one.Key),
            Order().Match(script).Groups[1].Value.Split(' ')
        );
        var settings = Setting().Matches(script).Select(match => match.Value).ToList();
        Assert.Contains("Bus__PasswordFile", settings);
        Assert.Equal([], Known(settings.Select(Settings.Problem).OfType<string>()));
    }

    [Fact]
    public void The_override_for_graphics_cards_changes_services_that_there_are()
    {
        var changed = Yaml.Documents(Yaml.Read("deploy/compose.gpu.yml")).Single()["services"].Keys;

        Assert.Subset(new Compose(Yaml.Read(File)).Services.ToHashSet(), changed.ToHashSet());
    }

    /// <summary>The gateway's project brings the options of who may call; while it is not there, nothing can name them wrongly.</summary>
    private static IEnumerable<string> Known(IEnumerable<string> problems) =>
        Directory.Exists(Path.Combine(Yaml.Root, "services", "Gateway"))
            ? problems
            : problems.Where(problem => !GatewayPart().IsMatch(problem));

    [GeneratedRegex(@"order=\(([a-z ]+)\)")]
    private static partial Regex Order();

    [GeneratedRegex(@"\b(?:Bus|Storage|Internal|Access|Synthesis|Training|Telemetry)__[A-Za-z0-9_]+\b")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^FROM (\S+)")]
    private static partial Regex From();

    [GeneratedRegex("no options are named (Internal|Access)$|services/Gateway is not there$")]
    private static partial Regex GatewayPart();
}
