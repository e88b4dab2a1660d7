using Microsoft.Data.Sqlite;

namespace TransferPipeline.Storage.Sqlite;

/// <summary>A connection, and the statements it has parsed: a document's few are run thousands of times.</summary>
internal sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _parsed = [];

    /// <summary>The number of rows that were changed.</summary>
    public int Execute(string text, params ReadOnlySpan<(string Name, object Value)> parameters) =>
        Command(text, parameters).ExecuteNonQuery();

    public object? Scalar(string text, params ReadOnlySpan<(string Name, object Value)> parameters) =>
        Command(text, parameters).ExecuteScalar();

    public SqliteDataReader Query(string text, params ReadOnlySpan<(string Name, object Value)> parameters) =>
        Command(text, parameters).ExecuteReader();

    public void Dispose()
    {
        foreach (var command in _parsed.Values)
            command.Dispose();
        connection.Dispose();
    }

    private SqliteCommand Command(string text, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        if (!_parsed.TryGetValue(text, out var command))
        {
            _parsed[text] = command = connection.CreateCommand();
            command.CommandText = text;
            foreach (var (name, value) in parameters)
                command.Parameters.AddWithValue(name, value);
            return command;
        }
        for (var at = 0; at < parameters.Length; at++)
            command.Parameters[at].Value = parameters[at].Value;
        return command;
    }
}
