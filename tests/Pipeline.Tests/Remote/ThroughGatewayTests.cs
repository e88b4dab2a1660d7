using System.Net;
using System.Text.Json.Nodes;
using TransferPipeline.Hosting.Http.Access;
using TransferPipeline.TestKit;

namespace TransferPipeline.Pipeline.Tests.Remote;

public sealed class When_a_study_goes_through_the_gateway(RabbitMqNode broker)
    : IClassFixture<RabbitMqNode>,
        IDisposable
{
    private const string InternalKey = "an-internal-key-of-the-tests";

    private readonly StudyFolder _study = new();
    private readonly List<ProgramProcess> _processes = [];
    private readonly string _key = ApiKeys.New();

    [Fact]
    public async Task Separate_processes_give_the_rows_of_one()
    {
        RabbitMqNode.Require();
        var gateway = await StartAsync();
        string[] toServer = ["--server", gateway.Address, "--key-file", _study.Write("key", _key)];

        var here = await _study.RunAsync(Scenarios.Baselines, "--set", "seed=13,21");
        var there = await _study.RunAsync(
            Scenarios.Baselines,
            ["--set", "seed=13,21", .. toServer, "--out", _study["out"]]
        );

        Assert.True(there.ExitCode == 0, there.Error + string.Concat(_processes.Select(process => process.Log)));
        Assert.Equal(0, here.ExitCode);
        Assert.Equal(ReportRows.Of(here.Json["report"]!), ReportRows.Of(there.Json["report"]!));
        Assert.Equal(
            ReportRows.Of(here.Json["report"]!),
            ReportRows.Of(JsonNode.Parse(await File.ReadAllTextAsync(_study["out", "report.json"], Cancellation))!)
        );

        using var client = new HttpClient();
        using var direct = await client.GetAsync(_processes[0].Address + "/api/datasets", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, direct.StatusCode);
        var document = JsonNode.Parse(await client.GetStringAsync(gateway.Address + "/openapi/v1.json", Cancellation))!;
        var paths = document["paths"]!.AsObject().Select(path => path.Key).ToHashSet();
        Assert.Null(document["x-away"]);
        Assert.Superset(
            new HashSet<string>([
                "/api/datasets",
                "/api/models",
                "/api/runs/{id}/events",
                "/api/runs/{id}/report.json",
            ]),
            paths
        );
    }

    public void Dispose()
    {
        foreach (var process in _processes)
            process.Dispose();
        _study.Dispose();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Four services, a second trainer, and the gateway before them.</summary>
    private async Task<ProgramProcess> StartAsync()
    {
        string[] settings =
        [
            "Bus:Transport=RabbitMq",
            "Bus:Host=127.0.0.1",
            $"Bus:Port={broker.Port}",
            "Bus:Password=guest",
            $"Storage:Home={_study["served"]}",
            $"Internal:Key={InternalKey}",
        ];
        string[] services = ["Ingestion", "Training", "Training", "Evaluation", "Orchestration"];
        foreach (var service in services)
            _processes.Add(new ProgramProcess(service, settings));
        var gateway = new ProgramProcess(
            "Gateway",
            [
                .. services.Select(
                    (service, at) =>
                        $"ReverseProxy:Clusters:{service.ToLowerInvariant()}:Destinations:{(at == 2 ? "two" : "one")}:Address={_processes[at].Address}/"
                ),
                "Access:Keys:0:Name=tester",
                "Access:Keys:0:Role=Submitter",
                $"Access:Keys:0:Hash={ApiKeys.HashOf(_key)}",
                $"Internal:Key={InternalKey}",
                "Gateway:LookEvery=00:00:00.5",
            ]
        );
        _processes.Add(gateway);
        await UntilReadyAsync(gateway);
        return gateway;
    }

    private async Task UntilReadyAsync(ProgramProcess gateway)
    {
        using var client = new HttpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            Assert.All(_processes, process => Assert.False(process.HasExited, process.Log));
            try
            {
                using var answer = await client.GetAsync(gateway.Address + "/health/ready", patience.Token);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(100, patience.Token);
        }
    }
}
