using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Reports;
using TransferPipeline.Evaluation.Reports.Pages;
using TransferPipeline.Evaluation.Significance;

namespace TransferPipeline.Evaluation.Tests.Reports;

public sealed class When_a_report_is_shown : IDisposable
{
    private const string Hostile = "<script>alert(1)</script>|a`b\u202E\u0007";

    private readonly StudyBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_page_loads_nothing_and_runs_nothing()
    {
        var page = await Page(new SimulatedStudy(_bench));
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain(" style=", page);
        Assert.DoesNotMatch("""(src|href|url)\s*[=(]\s*["']?(?!#)[a-z/]""", page);
        Assert.DoesNotMatch(@"\son[a-z]+=", page);
    }

    [Fact]
    public async Task Its_policy_allows_its_own_style_only()
    {
        var page = await Page(new SimulatedStudy(_bench));
        var style = Regex.Match(page, "<style>(.*)</style>", RegexOptions.Singleline).Groups[1].Value;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Contains(
            $"content=\"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\"",
            page
        );
    }

    [Fact]
    public async Task What_a_user_named_is_encoded_and_made_visible()
    {
        var study = new SimulatedStudy(_bench)
        {
            Scenario = Hostile,
            Accuracies = new() { [Hostile] = [0.7, 0.9], ["svm"] = [0.7, 0.6] },
            Report = new ReportSpec
            {
                Compare = [Hostile, "svm"],
                Curve = new CurveSpec { X = "labelsPerClass", Y = "accuracy" },
            },
            Failures = new() { ["broken"] = "<img src=x onerror=alert(1)>" },
        };
        var output = await study.Write();

        var page = _bench.Text(output.Files!["report.html"]);
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("<img", page);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;|a`b⟨U+202E⟩⟨U+0007⟩", page);

        var markdown = _bench.Text(output.Files["report.md"]);
        Assert.DoesNotContain("<script", markdown.Replace("\\<script", ""));
        Assert.Contains(@"# \<script\>alert(1)\</script\>\|a\`b⟨U+202E⟩⟨U+0007⟩", markdown);
        Assert.All(
            markdown.Split('\n').Where(line => line.StartsWith("| ")),
            line => Assert.DoesNotMatch(@"[^\\]\|a", line)
        );
    }

    [Fact]
    public async Task The_curve_has_a_line_a_band_and_a_name_for_each_series()
    {
        var page = await Page(new SimulatedStudy(_bench));
        var chart = Regex.Match(page, "<svg class=\"chart\".*?</svg>", RegexOptions.Singleline).Value;
        Assert.Equal(3, Regex.Count(chart, "class=\"line\""));
        Assert.Equal(6, Regex.Count(chart, "<title>"));
        // Only the tuned models have several seeds at both places.
        Assert.Equal(1, Regex.Count(chart, "class=\"band "));
        Assert.Equal(["majority", "svm", "tuned"], Names(chart).Order());
        Assert.Contains(">full</text>", chart);
        Assert.Contains("tuned, labels per class 16: ", chart);
    }

    [Fact]
    public async Task Without_a_curve_the_table_shows_the_main_metrics()
    {
        var page = await Page(new SimulatedStudy(_bench) { Report = new ReportSpec() });
        Assert.DoesNotContain("class=\"chart\"", page);
        Assert.Contains("Matthews correlation", page);
        Assert.Contains("no two of them are compared, so no difference between them is claimed.", page);
    }

    [Fact]
    public async Task Every_section_is_there()
    {
        var page = await Page(new SimulatedStudy(_bench));
        string[] sections =
        [
            "Results",
            "Comparisons",
            "Texts read before",
            "All metrics",
            "Each model and seed",
            "Confusion matrices and figures of each class",
            "Lineage",
            "Machine and libraries",
            "Scenario",
        ];
        Assert.All(sections, section => Assert.Contains($">{section}<", page));
        Assert.Equal(Regex.Count(page, "<details"), Regex.Count(page, "</details>"));
        Assert.Equal(Regex.Count(page, "<table"), Regex.Count(page, "</table>"));
    }

    [Theory]
    [InlineData("plain text, naïve 漢字 😀", "plain text, naïve 漢字 😀")]
    [InlineData("a\u202Eb\u200Bc", "a⟨U+202E⟩b⟨U+200B⟩c")]
    [InlineData("tab\tline\nend\0", "tab⟨U+0009⟩line\nend⟨U+0000⟩")]
    [InlineData("p\u0430ypal", "p\u0430⟨U+0430⟩ypal")]
    [InlineData("привет мир", "привет мир")]
    public void Hidden_and_look_alike_characters_are_made_visible(string text, string visible) =>
        Assert.Equal(visible, VisibleText.Of(text));

    [Fact]
    public void Half_a_character_is_made_visible() => Assert.Equal("half ⟨U+D83D⟩", VisibleText.Of("half \uD83D"));

    [Theory]
    [InlineData("accuracy", 0.8431, "84.3", "+84.3 points")]
    [InlineData("matthews", -0.0314, "−0.031", "−0.031")]
    [InlineData("accuracy", -0.0001, "0.0", "0.0 points")]
    [InlineData("ece", 0.05, "0.050", "+0.050")]
    public void Figures_read_well(string metric, double value, string figure, string difference)
    {
        Assert.Equal(figure, Wording.Figure(metric, value));
        Assert.Equal(difference, Wording.Difference(metric, value));
    }

    [Theory]
    [InlineData("svm")]
    [InlineData("self-training-frozen-guarded")]
    public void The_names_beside_the_lines_have_room(string name)
    {
        var point = new CurvePoint(0, "16", new Sample([0.644]));
        var chart = new CurveChart(new("labelsPerClass", "accuracy", ["16"], [new(name, [point])])).Draw().ToString();

        var at = Regex.Match(chart, "class=\"label\" x=\"([0-9.]+)\"").Groups[1].Value;
        var letters = (name + " 64.4").Length;
        Assert.InRange(
            double.Parse(at, CultureInfo.InvariantCulture) + 7.4 * letters, // 13 px, half bold
            0,
            920.01
        );
    }

    private static IEnumerable<string> Names(string chart) =>
        Regex.Matches(chart, "class=\"label\"[^>]*>([^ <]+)").Select(match => match.Groups[1].Value);

    private async Task<string> Page(SimulatedStudy study) => _bench.Text((await study.Write()).Files!["report.html"]);
}
