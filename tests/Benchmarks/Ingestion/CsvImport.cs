using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Ingestion;
using TransferPipeline.Ingestion.Importing;
using TransferPipeline.Modelling.Training;
using TransferPipeline.Storage;

namespace TransferPipeline.Benchmarks.Ingestion;

/// <summary>How fast is a large CSV file read and stored, and in how much memory?</summary>
internal static class CsvImport
{
    private const int Megabyte = 1_000_000;
    private const int Words = 50_000;

    public static void Run(BenchmarkInputs inputs)
    {
        var folder = Directory.CreateTempSubdirectory("transfer-ingestion-").FullName;
        try
        {
            var path = Path.Combine(folder, "reviews.csv");
            var rows = Write(path, inputs.Number("megabytes", 1000) * (long)Megabyte);
            var size = new FileInfo(path).Length / (double)Megabyte;
            var before = Measured.PeakMemory() / Megabyte;
            var seconds = Import(path, Path.Combine(folder, "home"));

            Measured.Head(
                "MB",
                "rows",
                "s",
                "MB/s",
                "peak memory MB",
                "before the import",
                "allowed: 300 MB + 32 bytes a row"
            );
            Measured.Row(
                size,
                rows,
                seconds,
                size / seconds,
                Measured.PeakMemory() / Megabyte,
                before,
                300 + 32 * rows / Megabyte
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Import(string path, string home)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddEmbeddedStorage(home);
        builder.AddIngestionService();
        using var host = builder.Build();
        var importer = host.Services.GetRequiredService<DatasetImporter>();

        var watch = Stopwatch.StartNew();
        importer.ImportAsync(new ImportRequest { Name = "reviews", Path = path }).GetAwaiter().GetResult();
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Rows of a label and 5 to 35 made-up words, frequent ones more often; every tenth text is quoted.</summary>
    private static long Write(string path, long bytes)
    {
        var random = new CounterRandom(13, "reviews");
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), bufferSize: 1 << 20);
        file.Write("label,text\n");
        var line = new StringBuilder();
        long rows = 0;
        for (long written = 0; written < bytes; rows++)
        {
            line.Clear().Append(random.NextInt(2) == 0 ? "negative," : "positive,");
            var quoted = rows % 10 == 0;
            if (quoted)
                line.Append('"');
            var words = 5 + random.NextInt(31);
            for (var word = 0; word < words; word++)
            {
                if (word > 0)
                    line.Append(quoted && word == 3 ? ", " : " ");
                AppendWord(line, random.NextInt(1 + random.NextInt(Words)));
            }
            if (quoted)
                line.Append('"');
            line.Append('\n');
            file.Write(line);
            written += line.Length;
        }
        return rows;
    }

    /// <summary>A word of syllables for each number.</summary>
    private static void AppendWord(StringBuilder line, int number)
    {
        const string Consonants = "bdfgklmnprst";
        const string Vowels = "aeiou";
        do
        {
            line.Append(Consonants[number % 12]).Append(Vowels[number / 12 % 5]);
            number /= 60;
        } while (number > 0);
    }
}
