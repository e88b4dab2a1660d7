using System.Buffers.Binary;
using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Checkpoints;

public sealed class When_tensors_are_written_and_read
{
    [Fact]
    public void They_come_back_with_name_type_shape_and_value()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        (string Name, Tensor Value)[] tensors =
        [
            ("halves", tensor(new[] { 0.5f, -2f, 65504f }).to(ScalarType.Float16)),
            ("brain", tensor(new[] { 0.5f, -2f, 1e30f }).to(ScalarType.BFloat16)),
            ("matrix", arange(6, dtype: ScalarType.Float32).view(2, 3).t()),
            ("number", tensor(3.5)),
            ("ids", tensor(new[] { 1L, -2L, long.MaxValue })),
            ("nothing", empty(0, 4)),
            ("flags", tensor(new[] { true, false })),
        ];

        SafetensorsFile.Write(folder["a"], tensors);
        SafetensorsFile.Write(folder["b"], tensors.Reverse());

        Assert.Equal(File.ReadAllBytes(folder["a"]), File.ReadAllBytes(folder["b"]));
        var read = SafetensorsFile.Open(folder["a"]).ToDictionary(tensor => tensor.Name);
        Assert.Equal(tensors.Length, read.Count);
        foreach (var (name, value) in tensors)
        {
            using var again = read[name].Read();
            Assert.Equal(value.dtype, again.dtype);
            Assert.Equal(value.shape, again.shape);
            Assert.True(value.equal(again).all().item<bool>() || value.numel() == 0);
        }
    }

    [Fact]
    public void A_golden_checkpoint_is_written_byte_for_byte_as_it_was()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var path = Path.Combine(GoldenFolders.Of("bert-regression")[0], "model.safetensors");

        SafetensorsFile.Write(
            folder["again"],
            SafetensorsFile.Open(path).Select(tensor => (tensor.Name, tensor.Read()))
        );

        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(folder["again"]));
    }
}

public sealed class When_a_safetensors_file_is_wrong
{
    private const string Good = """{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""";

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "a: the file ends 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "1 bytes after the last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "a: 4 bytes before it")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""",
        8,
        "a: 8 bytes, but shape [3] of F32 takes 12"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "a: negative size")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "a: negative size")]
    [InlineData(
        """{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}""",
        8,
        "a: dtype F33 is unknown; expected one of F64"
    )]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "a: expected dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8, "a: expected dtype, shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", 8, "a: expected dtype, shape")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,8]}}""",
        8,
        "a: 8 bytes, but shape"
    )]
    [InlineData("""["a"]""", 8, "no JSON object")]
    [InlineData("""{"a":""", 8, "no valid JSON")]
    [InlineData("""{"a":{},"a":{}}""", 8, "no valid JSON")]
    public void The_message_names_the_file_the_tensor_and_the_reason(string header, int bytes, string reason)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, header, bytes);

        var refused = Assert.Throws<BadInputException>(() => SafetensorsFile.Open(path));

        Assert.StartsWith(path + ": ", refused.Message);
        Assert.Contains(reason, refused.Message);
    }

    [Fact]
    public void All_its_wrong_tensors_are_named_at_once()
    {
        using var folder = new TemporaryFolder();
        var path = Write(
            folder,
            $$"""{"a":{"dtype":"X"},"b":{{Good}},"c":{"dtype":"F32","shape":[1],"data_offsets":[8,9]} }""",
            9
        );

        var refused = Assert.Throws<BadInputException>(() => SafetensorsFile.Open(path));

        Assert.Equal([$"{path}: a", $"{path}: c"], refused.Problems.Select(problem => problem[..(path.Length + 3)]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_file_too_short_for_a_header_is_refused(int length)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["short"], new byte[length]);

        Assert.Contains(
            "8 bytes",
            Assert.Throws<BadInputException>(() => SafetensorsFile.Open(folder["short"])).Message
        );
    }

    private static string Write(TemporaryFolder folder, string header, int bytes)
    {
        var file = new byte[8 + header.Length + bytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        Encoding.ASCII.GetBytes(header, file.AsSpan(8));
        File.WriteAllBytes(folder["file"], file);
        return folder["file"];
    }
}
