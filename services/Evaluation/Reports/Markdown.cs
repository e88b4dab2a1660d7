using System.Text;
using TransferPipeline.Evaluation.Reports.Pages;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>Text and tables in GitHub's Markdown; what a user named cannot become markup.</summary>
internal static class Markdown
{
    private const string Special = "\\`*_[]<>|#&~!$";

    public static string Text(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in VisibleText.Of(text))
            if (letter is '\n' or '\r')
                escaped.Append(' ');
            else if (Special.Contains(letter))
                escaped.Append('\\').Append(letter);
            else
                escaped.Append(letter);
        return escaped.ToString();
    }

    /// <param name="words">Columns that hold words; those after them hold figures and are set to the right.</param>
    public static string Table(IReadOnlyList<string> heads, int words, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new StringBuilder();
        AddRow(heads);
        table.Append('|').AppendJoin('|', heads.Select((_, column) => column < words ? "---" : "--:")).Append("|\n");
        foreach (var row in rows)
            AddRow(row);
        return table.ToString();

        void AddRow(IReadOnlyList<string> cells) =>
            table.Append("| ").AppendJoin(" | ", cells.Select(Text)).Append(" |\n");
    }
}
