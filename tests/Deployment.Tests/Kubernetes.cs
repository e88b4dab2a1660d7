using System.Globalization;
using System.Text.RegularExpressions;
using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Deployment.Tests;

/// <summary>What the API server would only find out when it is too late.</summary>
internal sealed partial class Kubernetes(IReadOnlyDictionary<string, string> files)
{
    public const string Folder = "deploy/kubernetes";

    private readonly List<Map> _objects =
    [
        .. files
            .Where(file => !IsPatch(file.Key) && !IsKustomization(file.Key))
            .SelectMany(file => Yaml.Documents(file.Value)),
    ];

    public static Kubernetes Read(Func<string, string, string>? change = null) =>
        new(
            Directory
                .EnumerateFiles(Path.Combine(Yaml.Root, Folder), "*.yaml", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Path.Combine(Yaml.Root, Folder), path).Replace('\\', '/'))
                .ToDictionary(
                    path => path,
                    path => change?.Invoke(path, Yaml.Read($"{Folder}/{path}")) ?? Yaml.Read($"{Folder}/{path}")
                )
        );

    public IEnumerable<string> Problems() =>
        [
            .. Listed(),
            .. Of("Deployment").SelectMany(OfDeployment),
            .. Of("Service").SelectMany(OfService),
            .. Of("ScaledObject").SelectMany(OfScaler),
            .. OfSettings(),
        ];

    private IEnumerable<Map> Of(string kind) => _objects.Where(one => one["kind"].Text == kind);

    private IEnumerable<string> Listed()
    {
        var listed = new List<string>();
        foreach (var (path, text) in files.Where(file => IsKustomization(file.Key)))
        {
            var folder = path[..path.LastIndexOf('/')];
            var file = Yaml.Documents(text).Single();
            var names = file["resources"].Texts.Concat(file["patches"].Items.Select(patch => patch["path"].Text!));
            foreach (var name in names.Where(name => !name.StartsWith("../", StringComparison.Ordinal)))
                listed.Add($"{folder}/{name}");
            foreach (
                var other in file["resources"].Texts.Where(name => name.StartsWith("../", StringComparison.Ordinal))
            )
                if (!files.ContainsKey($"{other[3..]}/kustomization.yaml"))
                    yield return $"{path}: {other} is not there";
        }
        foreach (var name in listed.Where(name => !files.ContainsKey(name)))
            yield return $"{name} is listed and not there";
        foreach (var name in files.Keys.Where(name => !IsKustomization(name)).Except(listed))
            yield return $"{name} is there and not listed";
    }

    private IEnumerable<string> OfDeployment(Map deployment)
    {
        var name = deployment["metadata"]["name"].Text;
        var pod = deployment["spec"]["template"];
        foreach (var label in deployment["spec"]["selector"]["matchLabels"].Entries)
            if (pod["metadata"]["labels"][label.Key].Text != label.Value.Text)
                yield return $"{name}: its selector does not find its pods";
        if (!(int.Parse(pod["spec"]["terminationGracePeriodSeconds"].Text ?? "0", CultureInfo.InvariantCulture) > 60))
            yield return $"{name}: is killed before it has stopped";
        foreach (var container in pod["spec"]["containers"].Items)
        {
            var ports = container["ports"].Items.Select(port => port["name"].Text).ToList();
            foreach (var probe in (string[])["startupProbe", "livenessProbe", "readinessProbe"])
                if (!ports.Contains(container[probe]["httpGet"]["port"].Text))
                    yield return $"{name}: {probe} asks a port that is not there";
            if (!container["resources"]["limits"]["memory"].Is)
                yield return $"{name}: has no limits";
            foreach (var variable in container["env"].Items.Select(one => one["name"].Text ?? ""))
                if (Settings.Problem(variable) is { } problem)
                    yield return $"{name}: {problem}";
            foreach (var source in container["envFrom"].Items.Select(one => one["configMapRef"]["name"].Text))
                if (Of("ConfigMap").All(map => map["metadata"]["name"].Text != source))
                    yield return $"{name}: no ConfigMap {source}";
            var volumes = pod["spec"]["volumes"].Items.Select(volume => volume["name"].Text).ToList();
            foreach (var mount in container["volumeMounts"].Items.Select(mount => mount["name"].Text))
                if (!volumes.Contains(mount))
                    yield return $"{name}: no volume {mount}";
        }
    }

    private IEnumerable<string> OfService(Map service)
    {
        var name = service["metadata"]["name"].Text;
        var found = Of("Deployment")
            .Where(deployment =>
                service["spec"]
                    ["selector"]
                    .Entries.All(label =>
                        deployment["spec"]["template"]["metadata"]["labels"][label.Key].Text == label.Value.Text
                    )
            )
            .ToList();
        if (found.Count != 1)
            yield return $"service {name}: its selector finds {found.Count} deployments";
        var ports = found
            .SelectMany(one => one["spec"]["template"]["spec"]["containers"].Items)
            .SelectMany(one => one["ports"].Items)
            .Select(port => port["name"].Text);
        foreach (var port in service["spec"]["ports"].Items)
            if (!ports.Contains(port["targetPort"].Text))
                yield return $"service {name}: no port {port["targetPort"].Text}";
    }

    private IEnumerable<string> OfScaler(Map scaler)
    {
        var target = scaler["spec"]["scaleTargetRef"]["name"].Text;
        if (Of("Deployment").All(deployment => deployment["metadata"]["name"].Text != target))
            yield return $"scaler: no deployment {target}";
        foreach (var query in scaler["spec"]["triggers"].Items.Select(one => one["metadata"]["query"].Text ?? ""))
        {
            var kinds = Kinds().Match(query).Groups[1].Value.Split('|');
            foreach (var kind in kinds.Where(kind => StepKinds.Find(kind) is null))
                yield return $"scaler of {target}: no kind of step is {kind}";
            if (!query.Contains("transfer_backlog", StringComparison.Ordinal))
                yield return $"scaler of {target}: asks for no backlog";
        }
    }

    private IEnumerable<string> OfSettings() =>
        Of("ConfigMap").SelectMany(map => map["data"].Keys).Select(Settings.Problem).OfType<string>();

    private static bool IsKustomization(string path) => path.EndsWith("/kustomization.yaml", StringComparison.Ordinal);

    /// <summary>A list of operations, where every object is a map.</summary>
    private static bool IsPatch(string path) => path == "keda/no-replicas.yaml";

    [GeneratedRegex("kind=~\"([^\"]*)\"")]
    private static partial Regex Kinds();
}
