using Spectre.Console;

namespace TransferPipeline.Standalone.Terminals;

/// <summary>Standard output for results, standard error for everything said beside them.</summary>
internal sealed class Terminal
{
    private Terminal(IAnsiConsole output, IAnsiConsole error, bool json)
    {
        Output = output;
        Error = error;
        Json = json;
    }

    public IAnsiConsole Output { get; }
    public IAnsiConsole Error { get; }

    /// <summary>Standard output carries one JSON document and nothing else.</summary>
    public bool Json { get; }

    /// <summary>Whether a person watches: bars are drawn, else plain lines are written.</summary>
    public bool Interactive => !Json && Output.Profile.Out.IsTerminal && Output.Profile.Capabilities.Interactive;

    public static Terminal Open(bool json) => new(Plain(Console.Out), Plain(Console.Error), json);

    /// <summary>A line for people: on standard output, or on standard error where that is for JSON.</summary>
    public void Say(string line) => (Json ? Error : Output).WriteLine(Visible.In(line));

    /// <summary>A problem, on standard error.</summary>
    public void Complain(string line) => Error.WriteLine(Visible.In(line));

    /// <summary>A table for people.</summary>
    public void Show(Table table) => (Json ? Error : Output).Write(table);

    /// <summary>The JSON document, as it is.</summary>
    public static void WriteJson(string json) => Console.Out.WriteLine(json);

    /// <summary>A cell or label: nothing in it is read as markup, and nothing in it can steer the terminal.</summary>
    public static Text Cell(object? value) => new(Visible.In(value?.ToString() ?? ""));

    /// <summary>An empty table with these columns.</summary>
    public static Table Table(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        return table;
    }

    private static IAnsiConsole Plain(TextWriter to)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(to) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = 200;
        return console;
    }
}
