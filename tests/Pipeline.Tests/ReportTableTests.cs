using Spectre.Console;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Pipeline.Tests;

public sealed class When_a_run_has_ended_the_terminal
{
    [Fact]
    public void Shows_the_metric_and_what_is_left_of_accuracy_under_attack_and_noise()
    {
        var shown = Shown(
            """
            { "metric": "accuracy", "unit": "%", "summary": [
                { "step": "svm", "recipe": "pwws", "metric": "accuracy", "mean": 0.765, "sd": 0.01, "low": 0.7, "high": 0.8, "seeds": 2 },
                { "step": "svm", "recipe": "pwws", "metric": "f1", "mean": 0.5, "seeds": 2 },
                { "step": "svm", "recipe": "pwws", "metric": "accuracyUnderAttack", "mean": 0.095, "seeds": 2 },
                { "step": "svm", "recipe": "pruthi", "metric": "accuracy", "mean": 0.765, "seeds": 1 },
                { "step": "svm", "recipe": "pruthi", "metric": "accuracyUnderAttack", "mean": 0.635, "seeds": 1 },
                { "step": "svm", "recipe": "pruthi", "metric": "accuracyUnderNoise", "mean": 0.745, "seeds": 1 } ] }
            """
        );

        Assert.Equal(
            [
                "step | recipe | accuracy, % | sd | 95 % interval | under attack, % | under noise, % | seeds",
                "svm | pwws | 76.5 | 1.0 | 70.0 – 80.0 | 9.5 |  | 2",
                "svm | pruthi | 76.5 |  |  | 63.5 | 74.5 | 1",
            ],
            shown
        );
    }

    [Fact]
    public void Shows_another_metric_as_it_is_and_no_column_of_attacks_where_there_are_none()
    {
        var shown = Shown(
            """
            { "metric": "matthews", "unit": "", "summary": [
                { "step": "tuned", "metric": "matthews", "mean": 0.1234, "seeds": 1 },
                { "step": "tuned", "metric": "accuracy", "mean": 0.5, "seeds": 1 } ] }
            """
        );

        Assert.Equal(["step | matthews | sd | 95 % interval | seeds", "tuned | 0.123 |  |  | 1"], shown);
    }

    [Fact]
    public void Shows_nothing_where_no_model_was_scored() =>
        Assert.Null(ReportTable.Of("""{ "metric": "accuracy", "unit": "%", "summary": [] }"""));

    private static string[] Shown(string report)
    {
        using var written = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(written) });
        console.Profile.Width = 200;
        var table = ReportTable.Of(report)!;
        table.Border = TableBorder.Ascii;
        console.Write(table);
        return
        [
            .. written
                .ToString()
                .Split('\n')
                .Where(line => line.StartsWith('|') && !line.StartsWith("|-"))
                .Select(line => string.Join(" | ", line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()))),
        ];
    }
}
