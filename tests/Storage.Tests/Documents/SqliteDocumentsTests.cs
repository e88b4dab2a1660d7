using Microsoft.Data.Sqlite;
using TransferPipeline.Storage.Documents;
using TransferPipeline.Storage.Sqlite;
using TransferPipeline.TestKit;

namespace TransferPipeline.Storage.Tests.Documents;

public sealed class When_documents_are_kept_in_sqlite : DocumentsCompliance, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SqliteDatabase> _opened = [];

    protected override IDocuments<ParcelDocument> Open() => new SqliteDocuments<ParcelDocument>(Database());

    [Fact]
    public async Task A_reopened_file_holds_what_was_written()
    {
        await Open().InsertAsync(Parcel("a") with { Count = 9 });
        CloseAll();

        Assert.Equal(9, (await Open().GetAsync("a"))!.Count);
    }

    [Theory]
    [InlineData("state", "parcels_state")]
    [InlineData("owner", "parcels_owner")]
    public void The_index_of_the_field_named_first_is_used(string field, string index)
    {
        Open();
        var other = field == "state" ? "owner" : "state";

        var plan = Database()
            .Read(statements =>
            {
                using var reader = statements.Query(
                    $"EXPLAIN QUERY PLAN SELECT id FROM parcels WHERE id > '' AND json_extract(body, '$.{field}') = 'x' "
                        + $"AND +json_extract(body, '$.{other}') = 'y' ORDER BY id LIMIT 16"
                );
                reader.Read();
                return reader.GetString(3);
            });

        Assert.Contains($"USING INDEX {index} (<expr>=? AND id>?)", plan);
    }

    [Fact]
    public void A_statement_that_is_run_again_has_the_values_of_its_second_run()
    {
        Open();

        Database()
            .Read(statements =>
            {
                const string Text = "SELECT coalesce($a, 'nothing') || $b";
                Assert.Equal("one2", statements.Scalar(Text, ("$a", "one"), ("$b", 2L)));
                Assert.Equal("twox", statements.Scalar(Text, ("$a", "two"), ("$b", "x")));
                Assert.Equal("nothing3", statements.Scalar(Text, ("$a", DBNull.Value), ("$b", 3)));
                return 0;
            });
    }

    [Fact]
    public void A_file_of_a_newer_layout_is_refused()
    {
        Open();
        CloseAll();
        using (var connection = new SqliteConnection($"Data Source={_folder["transfer.db"]};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        var refusal = Assert.Throws<InvalidDataException>(() => Open());
        Assert.Contains("layout 99", refusal.Message);
    }

    public void Dispose()
    {
        CloseAll();
        _folder.Dispose();
    }

    private SqliteDatabase Database()
    {
        _opened.Add(new SqliteDatabase(_folder["transfer.db"]));
        return _opened[^1];
    }

    private void CloseAll()
    {
        foreach (var database in _opened)
            database.Dispose();
        _opened.Clear();
    }
}
