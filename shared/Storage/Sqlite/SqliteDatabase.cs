using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace TransferPipeline.Storage.Sqlite;

/// <summary>One SQLite file: a writing connection for this process, and as many reading ones as read at a time.</summary>
public sealed class SqliteDatabase : IDisposable
{
    private const int Layout = 1;

    private readonly string _path;
    private readonly Lock _writing = new();
    private readonly SqliteStatements _writer;
    private readonly ConcurrentBag<SqliteStatements> _readers = [];
    private bool _disposed;

    public SqliteDatabase(string path)
    {
        _path = path;
        _writer = Open();
        RefuseNewerLayout();
    }

    /// <summary>Runs a write; writes of this process take turns here, those of other processes in SQLite's own lock.</summary>
    internal T Write<T>(Func<SqliteStatements, T> write)
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return write(_writer);
        }
    }

    internal T Read<T>(Func<SqliteStatements, T> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var connection = _readers.TryTake(out var idle) ? idle : Open();
        try
        {
            return read(connection);
        }
        finally
        {
            _readers.Add(connection);
            if (_disposed)
                CloseReaders();
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            if (_disposed)
                return;
            _disposed = true;
            CloseReaders();
            _writer.Dispose();
        }
    }

    private void CloseReaders()
    {
        while (_readers.TryTake(out var reader))
            reader.Dispose();
    }

    private SqliteStatements Open()
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false }.ToString()
        );
        connection.Open();

        // busy_timeout first: switching to WAL takes a lock, too. SQLite's own wait begins with a millisecond, the
        // driver's is 150 ms long.
        // synchronous = NORMAL: a killed process loses nothing; a power cut may lose the last commits, never an earlier
        // one before a later one. Every prefix of the writes is a valid state (the lost steps are done again), and FULL
        // would cost an fsync for each of the half-dozen writes of a step.
        using var command = connection.CreateCommand();
        command.CommandText =
            "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;";
        command.ExecuteNonQuery();
        return new SqliteStatements(connection);
    }

    private void RefuseNewerLayout()
    {
        var found = Convert.ToInt32(_writer.Scalar("PRAGMA user_version"));
        if (found > Layout)
            throw new InvalidDataException(
                $"{_path} was written by a newer version of this program (layout {found}; this one knows {Layout})."
            );
        if (found == Layout)
            return;
        _writer.Execute($"PRAGMA user_version = {Layout}");
    }
}
