using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.TestKit;

namespace TransferPipeline.Ingestion.Tests.Importing;

public sealed class When_questions_come_with_answers : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_question_is_a_row_with_its_context_and_all_its_answers()
    {
        var stored = await _bench.ImportAsync(
            _bench.Write(
                "a.json",
                Paragraph(
                    "\"answers\": [{\"text\": \"été\", \"answer_start\": 3}, {\"text\": \"l'été\", \"answer_start\": 1}]"
                )
            )
        );

        var dataset = stored.Document.Dataset;
        Assert.Equal((TaskType.QuestionAnswering, "answerable"), (dataset.Task, Assert.Single(dataset.Labels)));
        var row = Assert.Single(_bench.Rows(dataset, "train"));
        Assert.Equal(("q1", "When?", Context, "Seasons"), (row.Id, row.Text, row.TextB, row.Group));
        Answer[] answers = [.. Answers.Read(row.Label!)!];
        Assert.Equal([new("été", 3), new("l'été", 1)], answers);
        // Code points before, UTF-16 units now: the sun at the start takes two.
        Assert.Equal(4, answers[0].StartIn(row.TextB!));
    }

    [Fact]
    public async Task Questions_without_an_answer_make_it_the_second_version()
    {
        var stored = await _bench.ImportAsync(
            _bench.Write("a.json", Paragraph("\"is_impossible\": true, \"answers\": []"))
        );

        Assert.Equal(["answerable", "unanswerable"], stored.Document.Dataset.Labels);
        Assert.Equal("[]", Assert.Single(_bench.Rows(stored.Document.Dataset, "train")).Label);
        Assert.Equal(1, stored.Document.Dataset.Find("train")!.Labelled);
    }

    [Theory]
    [InlineData(
        "\"answers\": [{\"text\": \"été\", \"answer_start\": 4}]",
        "a.json: article 1 ('Seasons'), paragraph 1, question 'q1': the answer 'été' does not stand at 4 of its context; expected the context to hold it there (counted in code points)"
    )]
    [InlineData("\"answers\": [{\"text\": \"été\", \"answer_start\": 400}]", "does not stand at 400 of its context")]
    [InlineData("\"answers\": [{\"text\": \"\", \"answer_start\": 0}]", "'text' is missing or empty; expected a text")]
    [InlineData("\"answers\": [{\"text\": \"été\", \"answer_start\": -1}]", "'answer_start' is no whole number")]
    [InlineData("\"answers\": []", "the question has no answer; expected one, or is_impossible as SQuAD 2.0 has it")]
    [InlineData(
        "\"is_impossible\": true, \"answers\": [{\"text\": \"été\", \"answer_start\": 3}]",
        "the question is marked is_impossible and has answers; expected one of both"
    )]
    [InlineData("\"answers\": 3", "there is no list 'answers'")]
    public async Task Answers_that_do_not_fit_are_refused(string answers, string message)
    {
        Assert.Contains(message, await _bench.RefusedAsync(_bench.Write("a.json", Paragraph(answers))));
    }

    [Theory]
    [InlineData(
        "{\"data\": [{\"paragraphs\": [{\"qas\": []}]}]}",
        "article 1, paragraph 1: 'context' is missing or empty"
    )]
    [InlineData(
        "{\"data\": [{\"title\": \"x\", \"paragraphs\": 1}]}",
        "article 1 ('x'): there is no list 'paragraphs'"
    )]
    [InlineData("{\"data\": [{\"paragraphs\": []}]}", "the file has no rows; expected at least one")]
    [InlineData(
        "{\"data\": [\n{\"paragraphs\": [}]}",
        "a.json: line 2, column 17: not a whole JSON object; expected SQuAD's"
    )]
    public async Task A_file_of_another_shape_is_refused(string content, string message)
    {
        Assert.Contains(message, await _bench.RefusedAsync(_bench.Write("a.json", content)));
    }

    [Fact]
    public async Task The_same_id_twice_is_refused()
    {
        const string Answer = "\"answers\": [{\"text\": \"été\", \"answer_start\": 3}]";
        const string End = "]}]}]}";
        var twice =
            Paragraph(Answer)[..^End.Length] + ", {\"id\": \"q1\", \"question\": \"What?\", " + Answer + "}" + End;
        Assert.Contains("the id 'q1' is used twice", await _bench.RefusedAsync(_bench.Write("a.json", twice)));
    }

    [Fact]
    public async Task One_published_file_is_split_by_article()
    {
        var path = Path.Combine(SharedFiles.Require("data", "squad11_xquad_en"), "xquad.en.json");
        var stored = await _bench.ImportAsync(
            path,
            request =>
                request with
                {
                    Fractions = new Dictionary<string, double> { ["dev"] = 0.1, ["test"] = 0.2 },
                }
        );

        var dataset = stored.Document.Dataset;
        Assert.Equal(1190, dataset.Splits.Sum(split => split.Rows));
        Assert.InRange(dataset.Find("test")!.Rows, 200, 238);
        var articles = dataset
            .Splits.Select(split => _bench.Rows(split).Select(row => row.Group!).ToHashSet())
            .ToList();
        Assert.Equal(48, articles.Sum(split => split.Count));
        Assert.Equal(48, articles.SelectMany(split => split).Distinct().Count());
    }

    private const string Context = "\U0001F31El'\u00e9t\u00e9 est chaud.";

    private static string Paragraph(string answers) =>
        "{\"version\": \"1.1\", \"data\": [{\"title\": \"Seasons\", \"paragraphs\": [{\"context\": \""
        + Context
        + "\", \"qas\": [{\"id\": \"q1\", \"question\": \"When?\", "
        + answers
        + "}]}]}]}";
}
