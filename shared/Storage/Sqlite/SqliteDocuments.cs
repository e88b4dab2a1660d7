using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Storage.Sqlite;

/// <summary>A collection as a table of JSON texts, with an index over an expression per indexed field.</summary>
internal sealed class SqliteDocuments<T> : IDocuments<T>
    where T : class, IDocument<T>
{
    private const int SmallPage = 16;
    private const int LargePage = 1024;

    private readonly SqliteDatabase _database;

    public SqliteDocuments(SqliteDatabase database)
    {
        _database = database;
        _database.Write(CreateTable);
    }

    public Task<bool> InsertAsync(T document, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var body = Serialize(document.WithVersion(1));
        var inserted = _database.Write(statements =>
            statements.Execute(
                $"INSERT INTO {T.Collection} (id, version, body) VALUES ($id, 1, $body) ON CONFLICT (id) DO NOTHING",
                ("$id", document.Id),
                ("$body", body)
            )
        );
        return Task.FromResult(inserted == 1);
    }

    public Task<T?> GetAsync(string id, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var body = _database.Read(statements =>
            (string?)statements.Scalar($"SELECT body FROM {T.Collection} WHERE id = $id", ("$id", id))
        );
        return Task.FromResult(body is null ? null : Deserialize(body));
    }

    public Task<T?> ReplaceAsync(T document, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var next = document.WithVersion(document.Version + 1);
        var body = Serialize(next);
        var replaced = _database.Write(statements =>
            statements.Execute(
                $"UPDATE {T.Collection} SET version = $next, body = $body WHERE id = $id AND version = $version",
                ("$id", document.Id),
                ("$version", document.Version),
                ("$next", next.Version),
                ("$body", body)
            )
        );
        return Task.FromResult(replaced == 1 ? next : null);
    }

    public async IAsyncEnumerable<T> FindAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default,
        params (string Field, string Value)[] equal
    )
    {
        var query = Query(equal);
        var after = "";

        // Pages, so that who stops at the first match has not paid for all; small ones first.
        for (var size = SmallPage; ; size = LargePage)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = _database.Read(statements => ReadPage(statements, query, after, size, equal));
            foreach (var (id, body) in page)
            {
                yield return Deserialize(body);
                after = id;
            }
            if (page.Count < size)
                yield break;
            await Task.Yield();
        }
    }

    public Task<bool> DeleteAsync(string id, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var deleted = _database.Write(statements =>
            statements.Execute($"DELETE FROM {T.Collection} WHERE id = $id", ("$id", id))
        );
        return Task.FromResult(deleted == 1);
    }

    private static int CreateTable(SqliteStatements database)
    {
        var statements = new StringBuilder(
            $"CREATE TABLE IF NOT EXISTS {T.Collection} (id TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL);"
        );
        foreach (var field in T.Indexes)
            statements.Append(
                CultureInfo.InvariantCulture,
                $"CREATE INDEX IF NOT EXISTS {T.Collection}_{field} ON {T.Collection} ({Value(field)}, id);"
            );
        return database.Execute(statements.ToString());
    }

    private static string Query((string Field, string Value)[] equal)
    {
        var query = new StringBuilder($"SELECT id, body FROM {T.Collection} WHERE id > $after");
        for (var at = 0; at < equal.Length; at++)
        {
            var field = equal[at].Field;
            if (!T.Indexes.Contains(field))
                throw new ArgumentException($"{T.Collection} has no index over '{field}'.", nameof(equal));

            // The unary plus keeps SQLite from choosing another index than that of the field named first.
            query.Append(CultureInfo.InvariantCulture, $" AND {(at == 0 ? "" : "+")}{Value(field)} = $value{at}");
        }
        return query.Append(" ORDER BY id LIMIT $size").ToString();
    }

    private static List<(string Id, string Body)> ReadPage(
        SqliteStatements statements,
        string query,
        string after,
        int size,
        (string Field, string Value)[] equal
    )
    {
        (string, object)[] parameters =
        [
            ("$after", after),
            ("$size", size),
            .. equal.Select((field, at) => ($"$value{at}", (object)field.Value)),
        ];
        var page = new List<(string, string)>();
        using var reader = statements.Query(query, parameters);
        while (reader.Read())
            page.Add((reader.GetString(0), reader.GetString(1)));
        return page;
    }

    private static string Value(string field) => $"json_extract(body, '$.{field}')";

    private static string Serialize(T document) => JsonSerializer.Serialize(document, WireFormat.Options);

    private static T Deserialize(string body) =>
        JsonSerializer.Deserialize<T>(body, WireFormat.Options)
        ?? throw new InvalidDataException($"A document of {T.Collection} is empty.");
}
