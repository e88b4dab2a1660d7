using TransferPipeline.Benchmarks.Attacks;
using TransferPipeline.Benchmarks.Augmentation;
using TransferPipeline.Benchmarks.Baselines;
using TransferPipeline.Benchmarks.Ingestion;
using TransferPipeline.Benchmarks.Synthesis;
using TransferPipeline.Benchmarks.Tokenization;
using TransferPipeline.Benchmarks.Training;
using TransferPipeline.Benchmarks.Workflow;

namespace TransferPipeline.Benchmarks;

/// <summary>The questions that can be asked on the command line.</summary>
internal static class Questions
{
    private static readonly (string Name, string Asks, Action<BenchmarkInputs> Answer)[] All =
    [
        ("ingestion", "MB/s and peak memory of a generated CSV file (--megabytes 1000)", CsvImport.Run),
        ("tokens", "time to make tokens of sentences, one thread (--model, --sentences)", TokenRate.Run),
        (
            "fine-tuning",
            "examples/s at 32×64 tokens beside the fp32 GEMM figure (--model, --device, --precision)",
            FineTuningRate.Run
        ),
        (
            "sentences",
            "seconds of three epochs and of scoring, accuracy (--model, --sentences, --dev, --test, --seed, --precision)",
            SentencesEndToEnd.Run
        ),
        ("scoring", "sequences/s at 32×64 tokens beside the fp32 GEMM figure (--model)", ScoringRate.Run),
        (
            "attack",
            "an attack's seconds beside its forwards', queries/s (--model, --sentences, --recipe, --wordnet FOLDER, --stop-words FILE)",
            AttackRate.Run
        ),
        ("baselines", "seconds to fit svm and forest to TF-IDF, with --model to embeddings (--sentences)", FitTime.Run),
        (
            "clustering",
            "seconds of 20 iterations of K-Means beside the fp32 GEMM figure (--rows 100000)",
            ClusteringSpeed.Run
        ),
        (
            "labels-given",
            "accuracy with labels that clusters or a graph hand on (--model, --sentences, --test, --samples, --vectors)",
            LabelsGiven.Run
        ),
        ("label-models", "seconds of each label model over planted votes (--rows 1000000)", LabelModelSpeed.Run),
        (
            "rewriting",
            "copies of sentences a second (--sentences, --wordnet FOLDER, --neighbours FILE)",
            RewritingSpeed.Run
        ),
        ("workflow", "ms per step beside its work, embedded (--steps 1000)", StepOverhead.Run),
        ("workflow --distributed", "the same and more over RabbitMQ and processes (--mongo ADDRESS)", StepOverhead.Run),
        (WorkflowProcess.Question, "one of those processes", WorkflowProcess.Run),
    ];

    public static int Answer(string[] arguments)
    {
        var found = All.Where(question => arguments.Length > 0 && question.Name == arguments[0]).ToList();
        if (found.Count == 0)
        {
            Console.Error.WriteLine("expected one of");
            foreach (var (name, asks, _) in All)
                Console.Error.WriteLine($"  {name, -12} {asks}");
            return 2;
        }
        var inputs = BenchmarkInputs.Parse(arguments[1..]);
        Measured.OfProcessor = inputs.Text("clock", "wall") == "processor";
        found[0].Answer(inputs);
        return 0;
    }
}
