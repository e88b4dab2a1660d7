using System.Net.Sockets;
using System.Text;

namespace TransferPipeline.Hosting.Tests.Http;

public sealed class When_files_are_uploaded
{
    [Fact]
    public async Task Parts_and_raw_bodies_arrive_and_nothing_stays_behind()
    {
        await using var house = await HttpHouse.OpenAsync();

        var parts = await house.SendAsync(
            HttpMethod.Post,
            "/api/files",
            HttpHouse.Parts(("train", "a.csv", "rows"), ("file", "naïve data (1).csv", "more"))
        );
        var raw = await house.SendAsync(HttpMethod.Post, "/api/files?filename=b.csv", new StringContent("raw"));

        Assert.Equal("train=a.csv:rows;file=naïve data (1).csv:more", await parts.Content.ReadAsStringAsync());
        Assert.Equal("=b.csv:raw", await raw.Content.ReadAsStringAsync());
        Assert.Empty(house.Leftovers());
    }

    [Theory]
    [InlineData("../escape.csv")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\escape.csv")]
    [InlineData("C:\\data.csv")]
    [InlineData("http://example.org/data.csv")]
    [InlineData("file:data.csv")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("")]
    [InlineData("line\u0001break.csv")]
    [InlineData("gpj\u202Evsc.csv")]
    public async Task Names_that_lead_elsewhere_or_hide_something_are_refused(string name)
    {
        await using var house = await HttpHouse.OpenAsync();

        var raw = await house.SendAsync(
            HttpMethod.Post,
            $"/api/files?filename={Uri.EscapeDataString(name)}",
            new StringContent("raw")
        );
        var part = await house.SendAsync(HttpMethod.Post, "/api/files", Multipart(name));

        await HttpHouse.ProblemAsync(raw, 400, "bad-input");
        await HttpHouse.ProblemAsync(part, 400, "bad-input");
        Assert.Equal(0, house.Orders);
        Assert.Empty(house.Leftovers());
    }

    [Theory]
    [InlineData("POST /api/files?filename=a.csv HTTP/1.1\r\nContent-Length: 1000", "only ten b")]
    [InlineData("POST /api/files?filename=a.csv HTTP/1.1\r\nTransfer-Encoding: chunked", "5\r\nrows,\r\n5\r\nha")]
    [InlineData(
        "POST /api/files HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000",
        "--b\r\nContent-Disposition: form-data; name=train; filename=a.csv\r\n\r\nhalf a ro"
    )]
    public async Task A_line_that_breaks_in_the_middle_leaves_nothing(string head, string body)
    {
        await using var house = await HttpHouse.OpenAsync();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(house.Address.Host, house.Address.Port);
            await client
                .GetStream()
                .WriteAsync(
                    Encoding.ASCII.GetBytes(
                        $"{head}\r\nHost: test\r\nX-Internal-Key: {HttpHouse.InternalKey}\r\n\r\n{body}"
                    )
                );
            await UntilAsync(() => house.Leftovers().Any());
        }

        await UntilAsync(() => !house.Leftovers().Any());
        Assert.Equal(0, house.Orders);
    }

    [Theory]
    [InlineData("--b\r\nContent-Disposition: form-data; name=train; filename=a.csv\r\n\r\nhalf a row", "cut-off")]
    [InlineData(
        "--b\r\nContent-Disposition: form-data; name=train; filename=a.csv\r\n\r\nrows\r\n--b\r\n",
        "bad-input"
    )]
    [InlineData("--b\r\nContent-Disposition: form-da", "bad-input")]
    [InlineData("no parts at all", "cut-off")]
    public async Task Parts_without_their_last_boundary_are_refused_and_leave_nothing(string body, string code)
    {
        await using var house = await HttpHouse.OpenAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");

        var answer = await house.SendAsync(HttpMethod.Post, "/api/files", content);

        await HttpHouse.ProblemAsync(answer, 400, code);
        Assert.Equal(0, house.Orders);
        Assert.Empty(house.Leftovers());
    }

    [Fact]
    public async Task One_beyond_the_cap_is_too_large_and_leaves_nothing()
    {
        await using var house = await HttpHouse.OpenAsync(null, ("Api:MaxUploadBytes", "100000"));

        var small = await house.SendAsync(
            HttpMethod.Post,
            "/api/files",
            HttpHouse.Parts(("train", "a.csv", new string('a', 50_000)))
        );
        // It asks before it sends: whoever does not may find the line broken before the answer.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/files")
        {
            Content = HttpHouse.Parts(("train", "a.csv", new string('a', 200_000))),
            Headers = { ExpectContinue = true },
        };
        var large = await house.Client.SendAsync(request);

        Assert.Equal(200, (int)small.StatusCode);
        await HttpHouse.ProblemAsync(large, 413, "too-large");
        Assert.Equal(1, house.Orders);
        Assert.Empty(house.Leftovers());
    }

    [Fact]
    public async Task A_part_that_is_no_file_and_too_many_files_are_refused()
    {
        await using var house = await HttpHouse.OpenAsync(null, ("Api:MaxFiles", "2"));
        var field = new MultipartFormDataContent { { new StringContent("x"), "name" } };

        var noFile = await house.SendAsync(HttpMethod.Post, "/api/files", field);
        var many = await house.SendAsync(
            HttpMethod.Post,
            "/api/files",
            HttpHouse.Parts(("a", "a", "1"), ("b", "b", "2"), ("c", "c", "3"))
        );

        Assert.Contains("'name' is no file", await DetailAsync(noFile), StringComparison.Ordinal);
        Assert.Contains("more than 2 files", await DetailAsync(many), StringComparison.Ordinal);
        Assert.Empty(house.Leftovers());
    }

    private static async Task<string> DetailAsync(HttpResponseMessage answer) =>
        (string)(await HttpHouse.ProblemAsync(answer, 400, "bad-input"))["detail"]!;

    /// <summary>Written out, because the client's own class would tidy the name.</summary>
    private static ByteArrayContent Multipart(string name)
    {
        var body = new ByteArrayContent(
            Encoding.UTF8.GetBytes(
                $"--b\r\nContent-Disposition: form-data; name=\"train\"; filename=\"{name}\"\r\n\r\nrows\r\n--b--\r\n"
            )
        );
        body.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        return body;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!condition())
            await Task.Delay(10, patience.Token);
    }
}
