using System.Globalization;
using System.Text.RegularExpressions;

namespace TransferPipeline.Deployment.Tests;

/// <summary>What <c>docker compose config</c> would not tell, and most of what it would.</summary>
internal sealed partial class Compose(string text)
{
    private const string Front = "gateway";

    private readonly Map _file = Yaml.Documents(text).Single();

    public IEnumerable<string> Services => _file["services"].Keys;

    public IEnumerable<string> Problems() =>
        [
            .. _file["services"]
                .Entries.SelectMany(service =>
                    Of(service.Key, service.Value).Select(problem => $"{service.Key}: {problem}")
                ),
            .. Unused("volumes", service => service["volumes"].Texts.Select(volume => volume.Split(':')[0])),
            .. Unused("secrets", service => service["secrets"].Items.Select(NameOf)),
            .. Unused("networks", service => service["networks"].Names),
            .. _file["networks"]["inside"]["internal"].Text == "true" ? [] : (string[])["network inside has a way out"],
            .. Circles(),
        ];

    private IEnumerable<string> Of(string name, Map service)
    {
        foreach (var need in service["depends_on"].Entries)
        {
            var other = _file["services"][need.Key];
            if (!other.Is)
                yield return $"needs {need.Key}, which is no service";
            else if (need.Value["condition"].Text is not ("service_healthy" or "service_completed_successfully"))
                yield return $"needs {need.Key} in no condition";
            else if (need.Value["condition"].Text == "service_healthy" && !other["healthcheck"]["test"].Is)
                yield return $"waits for the health of {need.Key}, which tells none";
        }
        foreach (var secret in service["secrets"].Items.Select(NameOf).Where(secret => !_file["secrets"][secret].Is))
            yield return $"secret {secret} is not there";
        foreach (var network in service["networks"].Names.Where(network => !_file["networks"].Keys.Contains(network)))
            yield return $"network {network} is not there";
        foreach (var volume in service["volumes"].Texts.Select(volume => volume.Split(':')))
            if (
                volume[0].StartsWith("./", StringComparison.Ordinal) && !File.Exists(Path.Combine(Yaml.Root, volume[0]))
            )
                yield return $"file {volume[0]} is not there";
            else if (volume[0][0] is not ('.' or '/') && !_file["volumes"].Keys.Contains(volume[0]))
                yield return $"volume {volume[0]} is not there";
        if (!Pinned().IsMatch(service["image"].Text ?? ""))
            yield return $"image {service["image"].Text} is not pinned";
        if (service["ports"].Is && name != Front)
            yield return "is published; only the gateway may be";
        if (
            !service["deploy"]["resources"]["limits"]["memory"].Is
            || !service["deploy"]["resources"]["limits"]["cpus"].Is
        )
            yield return "has no limits";
        if (!service["logging"]["options"]["max-size"].Is)
            yield return "its log grows for ever";
        foreach (var variable in service["environment"].Keys)
            if (Settings.Problem(variable) is { } problem)
                yield return problem;
            else if (
                PathOfSecret(service["environment"][variable].Text) is { } secret
                && !service["secrets"].Items.Select(NameOf).Contains(secret)
            )
                yield return $"{variable} names secret {secret}, which it does not have";
        if (service["build"].Is)
            foreach (var problem in OfOwn(service))
                yield return problem;
    }

    private static IEnumerable<string> OfOwn(Map service)
    {
        var project = service["build"]["args"]["SERVICE"].Text ?? "";
        if (!Directory.Exists(Path.Combine(Yaml.Root, "services", project)))
            yield return $"services/{project} is not there";
        if (!File.Exists(Path.Combine(Yaml.Root, service["build"]["dockerfile"].Text ?? "")))
            yield return "its Dockerfile is not there";
        // HostOptions.ShutdownTimeout is a minute.
        if (Seconds(service["stop_grace_period"].Text) <= 60)
            yield return "is killed before it has stopped";
        if (service["read_only"].Text != "true" || !service["cap_drop"].Texts.Contains("ALL"))
            yield return "may do more than it needs";
    }

    private IEnumerable<string> Unused(string what, Func<Map, IEnumerable<string>> uses)
    {
        var used = _file["services"].Entries.SelectMany(service => uses(service.Value)).ToHashSet();
        return _file[what].Keys.Where(name => !used.Contains(name)).Select(name => $"{what}: nobody uses {name}");
    }

    private IEnumerable<string> Circles()
    {
        var started = new HashSet<string>();
        while (
            Services.FirstOrDefault(name =>
                !started.Contains(name) && _file["services"][name]["depends_on"].Keys.All(started.Contains)
            )
                is { } next
        )
            started.Add(next);
        return Services.Except(started).Select(name => $"{name}: never starts, what it needs does not come first");
    }

    private static string NameOf(Map secret) => secret.Text ?? secret["source"].Text ?? "";

    private static string? PathOfSecret(string? value) =>
        value?.StartsWith("/run/secrets/", StringComparison.Ordinal) == true ? value["/run/secrets/".Length..] : null;

    private static int Seconds(string? period) =>
        int.TryParse(period?.TrimEnd('s'), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : 0;

    /// <summary>At least two numbers of a version: <c>latest</c> and <c>8</c> are another image tomorrow.</summary>
    [GeneratedRegex(@"^[a-z][a-z0-9./-]*:\d+\.\d+(\.\d+)?[a-z0-9.-]*$")]
    private static partial Regex Pinned();
}
