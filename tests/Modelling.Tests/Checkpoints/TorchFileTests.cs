using System.IO.Compression;
using System.Runtime.InteropServices;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.TestKit;
using static TorchSharp.torch;
using static TransferPipeline.Modelling.Tests.Checkpoints.TorchFiles;

namespace TransferPipeline.Modelling.Tests.Checkpoints;

public sealed class When_a_pickled_checkpoint_is_read
{
    private static readonly byte[] SixFloats = MemoryMarshal.AsBytes<float>([0, 1, 2, 3, 4, 5]).ToArray();

    [Theory]
    [InlineData("DoubleStorage", ScalarType.Float64, 8)]
    [InlineData("FloatStorage", ScalarType.Float32, 4)]
    [InlineData("HalfStorage", ScalarType.Float16, 2)]
    [InlineData("BFloat16Storage", ScalarType.BFloat16, 2)]
    [InlineData("LongStorage", ScalarType.Int64, 8)]
    [InlineData("IntStorage", ScalarType.Int32, 4)]
    [InlineData("ShortStorage", ScalarType.Int16, 2)]
    [InlineData("CharStorage", ScalarType.Int8, 1)]
    [InlineData("ByteStorage", ScalarType.Byte, 1)]
    [InlineData("BoolStorage", ScalarType.Bool, 1)]
    public void Each_type_of_storage_is_known_in_both_forms(string type, ScalarType expected, int size)
    {
        var bytes = Enumerable.Range(1, 3 * size).Select(i => (byte)i).ToArray();
        var pickle = Pickle(Dictionary(("a", TorchFiles.Tensor(Storage(type, "7", 3), 1, [2], [1]))));

        foreach (var file in new[] { Zip(pickle, [("7", bytes)]), Legacy(pickle, [("7", size, bytes)]) })
        {
            var tensor = Assert.Single(Open(file));

            Assert.Equal((expected, "a"), (tensor.Type, tensor.Name));
            Assert.Equal([2], tensor.Shape);
            Assert.Equal(bytes[size..], tensor.Values);
        }
    }

    [Fact]
    public void Tensors_may_share_a_storage_pass_over_values_and_be_empty_or_a_single_number()
    {
        var storage = Storage("FloatStorage", "0", 6);
        var pickle = Pickle(
            Dictionary(
                ("all", TorchFiles.Tensor(storage, 0, [2, 3], [3, 1])),
                ("transposed", TorchFiles.Tensor(storage, 0, [3, 2], [1, 3])),
                ("column", TorchFiles.Tensor(storage, 1, [2, 1], [3, 9])),
                ("number", TorchFiles.Tensor(storage, 5, [], [])),
                ("nothing", TorchFiles.Tensor(storage, 0, [0, 3], [3, 1]))
            )
        );

        foreach (var file in new[] { Zip(pickle, [("0", SixFloats)]), Legacy(pickle, [("0", 4, SixFloats)]) })
        {
            var values = Open(file).ToDictionary(t => t.Name, t => MemoryMarshal.Cast<byte, float>(t.Values).ToArray());

            Assert.Equal([0, 1, 2, 3, 4, 5], values["all"]);
            Assert.Equal([0, 3, 1, 4, 2, 5], values["transposed"]);
            Assert.Equal([1, 4], values["column"]);
            Assert.Equal([5], values["number"]);
            Assert.Empty(values["nothing"]);
        }
    }

    [Fact]
    public void An_archive_may_be_of_the_kind_for_more_than_four_gigabytes()
    {
        var pickle = Pickle(Dictionary(("a", TorchFiles.Tensor(Storage("FloatStorage", "0", 6), 0, [6], [1]))));

        var read = Open(Zip64(Zip(pickle, [("0", SixFloats)])));

        Assert.Equal(SixFloats, Assert.Single(read).Values);
    }

    [Fact]
    public void A_dictionary_may_carry_versions_and_its_tensors_may_be_parameters_or_of_the_oldest_kind()
    {
        var storage = Storage("FloatStorage", "0", 6);
        var versions = Dictionary(
            ("_metadata", [.. OrderedDict, .. Entries(("", Dictionary(("version", Number(1)))))])
        );
        var tensor = TorchFiles.Tensor(storage, 0, [6], [1]);
        byte[] value =
        [
            .. OrderedDict,
            .. Entries(
                ("parameter", Call("torch._utils", "_rebuild_parameter", tensor, [0x88], OrderedDict)),
                ("old", Call("torch._utils", "_rebuild_tensor", storage, Number(0), Numbers(6), Numbers(1)))
            ),
            .. versions,
            .. "b"u8,
        ];

        var read = Open(Zip(Pickle(value), [("0", SixFloats)]));

        Assert.Equal(["old", "parameter"], read.Select(t => t.Name).Order());
        Assert.All(read, t => Assert.Equal(SixFloats, t.Values));
    }

    /// <summary>The tensors of a file, with their bytes.</summary>
    internal static List<(string Name, ScalarType Type, long[] Shape, byte[] Values)> Open(byte[] file)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["file"], file);
        return
        [
            .. TorchFile
                .Open(folder["file"])
                .Select(tensor =>
                {
                    var values = new byte[tensor.Bytes];
                    tensor.Read(values);
                    return (tensor.Name, tensor.Type, tensor.Shape, values);
                }),
        ];
    }
}

public sealed class When_a_pickled_checkpoint_is_wrong
{
    private const long Huge = 1L << 62;
    private static readonly byte[] Two = Storage("FloatStorage", "0", 2);
    private static readonly byte[] Good = TorchFiles.Tensor(Two, 0, [2], [1]);

    public static TheoryData<string, byte[]> Values() =>
        new()
        {
            { "os.system is refused", Dictionary(("a", Call("os", "system", Text("true")))) },
            { "builtins.eval is refused, as nothing", Call("builtins", "eval", Text("1")) },
            { "torch.QInt8Storage is refused", Dictionary(("a", Storage("QInt8Storage", "0", 2))) },
            { "expected one of collections.OrderedDict, torch.BFloat16Storage", Global("torch", "load") },
            { "opcode 0x81 is refused", [.. Global("collections", "OrderedDict"), .. ")"u8, 0x81] },
            { "opcode 0x69 is refused", "(i"u8.ToArray() },
            { "opcode 0x32 is refused", "]2"u8.ToArray() },
            { "a text of 4294967295 bytes", [(byte)'X', 255, 255, 255, 255] },
            { "a number of 255 bytes", [0x8a, 255] },
            { "a text that is not UTF-8", [(byte)'X', 1, 0, 0, 0, 0x80] },
            { "nothing is remembered as number 4294967295", [(byte)'j', 255, 255, 255, 255] },
            { "expected a value before it", "(q"u8.ToArray().Append((byte)0).ToArray() },
            { "expected 2 values before it", [.. None, (byte)'(', .. None, 0x86] },
            { "expected a mark before it", [.. None, (byte)'t'] },
            { "expected a list to add to", "}Na"u8.ToArray() },
            { "expected a dictionary to add pairs to", "](NNu"u8.ToArray() },
            { "expected a text as a key", "}NNs"u8.ToArray() },
            { "a is there twice", Dictionary(("a", Good), ("a", Good)) },
            { "attributes are refused", [.. Good, .. "}b"u8] },
            { "expected a call", [.. Good, .. ")R"u8] },
            { "expected a tuple as a reference", "NQ"u8.ToArray() },
            { "it ends within a value", "(N"u8.ToArray() },
            { "a name of more than 4096 bytes", Global(new string('a', 5000), "b") },
            { "more than 1000000 opcodes", Enumerable.Repeat((byte)']', 1_000_001).ToArray() },
            { "expected a dictionary of tensors", [.. None, .. Enumerable.Repeat((byte)0x85, 900_000)] },
            { "expected a dictionary of tensors", Good },
            { "a: expected a tensor", Dictionary(("a", Number(1))) },
            { "a: expected a tensor", Dictionary(("a", Dictionary(("b", Good)))) },
            { "a: expected a tensor", Dictionary(("a", Wrapped(Wrapped(Good)))) },
            { "a: expected a tensor", Dictionary(("a", Call("torch._utils", "_rebuild_tensor_v2"))) },
            { "a: negative number in shape [-2]", Of(0, [-2], [1]) },
            { "a: negative number in shape [2] with strides [-1]", Of(0, [2], [-1]) },
            { "from value -1 of 2", Of(-1, [2], [1]) },
            { "a: 1 sizes and 0 strides", Of(0, [2], []) },
            { "a: 65 sizes and 65 strides", Of(0, new long[65], new long[65]) },
            { "reaches beyond storage 0 of 2 values", Of(1, [2], [1]) },
            { "reaches beyond storage 0 of 2 values", Of(long.MaxValue, [1], [1]) },
            { "reaches beyond storage 0 of 2 values", Of(0, [Huge, Huge, Huge], [Huge, Huge, Huge]) },
            { "repeats values of storage 0, which has 2", Of(0, [3], [0]) },
            { "repeats values of storage 0, which has 2", Of(0, [Huge, Huge, Huge, Huge], [0, 0, 0, 0]) },
            { "has several types or sizes", Dictionary(("a", Good), ("b", Int())) },
            { "0 has 8 bytes; expected 4 values of 4", Dictionary(("a", Stored(4))) },
            { "0 has 8 bytes; expected 4611686018427387904 values", Dictionary(("a", Stored(Huge))) },
            { "at most 4 times the file", Dictionary([.. Enumerable.Range(0, 300).Select(Sharing)]) },
        };

    [Theory]
    [MemberData(nameof(Values))]
    public void The_message_names_the_file_and_what_was_expected(string reason, byte[] value)
    {
        // The last row needs a storage larger than its pickle.
        var big = reason.StartsWith("at most 4", StringComparison.Ordinal);

        Refuse(Zip(Pickle(value), [("0", new byte[big ? 400_000 : 8])]), reason);
    }

    [Fact]
    public void An_archive_must_store_its_entries_as_they_are()
    {
        var pickle = Pickle(Dictionary(("a", Good)));

        Refuse(
            Zip(pickle, [("0", new byte[8])], CompressionLevel.Optimal),
            "model/data.pkl is compressed or encrypted"
        );
        Refuse(Zip(pickle, [("1", new byte[8])]), "model/data/0 is missing from the archive");
        Refuse(Zip(pickle, [("0", new byte[8]), ("0", new byte[8])]), "model/data/0 is in the archive twice");
        Refuse(Zip(pickle, [("0", new byte[8])])[..^30], "is it truncated?");
        Refuse("version https://git-lfs.github.com/spec/v1"u8.ToArray(), "expected a file of torch.save");
        Refuse([], "expected a file of torch.save");
    }

    [Fact]
    public void Storages_of_the_legacy_form_must_be_those_of_its_tensors()
    {
        var pickle = Pickle(Dictionary(("a", Good)));

        Refuse(Legacy(pickle, []), "storage 0 is missing from the list");
        Refuse(Legacy(pickle, [("1", 4, new byte[8])]), "1 in the list of storages is no tensor's storage");
        Refuse(Legacy(pickle, [("0", 4, new byte[12])]), "storage 0 has 3 values; expected 2");
        Refuse(Legacy(pickle, [("0", 4, new byte[8])])[..^1], "reach beyond the end of the file");
        Refuse(Legacy(pickle, [("0", 4, new byte[8])])[..^9], "begins after the end of the file");
        Refuse(
            Legacy(Pickle(Dictionary(("a", Stored(Huge)))), [("0", 4, new byte[8])]),
            "expected 4611686018427387904"
        );
    }

    /// <summary>Whatever is cut off or changed, a file opens with tensors of the sizes it promises, or is refused.</summary>
    [Theory]
    [InlineData("zip")]
    [InlineData("zip64")]
    [InlineData("legacy")]
    public void No_truncation_and_no_changed_byte_does_anything_but_load_or_be_refused(string form)
    {
        using var folder = new TemporaryFolder();
        var pickle = Pickle(
            Dictionary(
                ("a", Good),
                ("b", TorchFiles.Tensor(Storage("HalfStorage", "1", 6), 0, [3, 2], [1, 3])),
                ("c", Call("torch._utils", "_rebuild_parameter", Good, [0x88], OrderedDict))
            )
        );
        var zip = Zip(pickle, [("0", new byte[8]), ("1", new byte[12])]);
        var file = form switch
        {
            "zip" => zip,
            "zip64" => Zip64(zip),
            _ => Legacy(pickle, [("0", 4, new byte[8]), ("1", 2, new byte[12])]),
        };
        Assert.True(Loads(file));

        for (var length = 0; length < file.Length; length++)
            Assert.False(Loads(file[..length]));
        for (var at = 0; at < file.Length; at++)
            foreach (var flips in new[] { 0xff, 1 << (at % 8) })
            {
                var changed = file.ToArray();
                changed[at] ^= (byte)flips;
                Loads(changed);
            }

        bool Loads(byte[] bytes)
        {
            File.WriteAllBytes(folder["file"], bytes);
            try
            {
                foreach (var tensor in TorchFile.Open(folder["file"]))
                {
                    Assert.InRange(tensor.Bytes, 0, 4 * bytes.Length);
                    tensor.Read(new byte[tensor.Bytes]);
                }
                return true;
            }
            catch (BadInputException)
            {
                return false;
            }
        }
    }

    private static void Refuse(byte[] file, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["file"], file);

        var refused = Assert.Throws<BadInputException>(() => TorchFile.Open(folder["file"]));

        Assert.StartsWith(folder["file"] + ": ", refused.Message);
        Assert.Contains(reason, refused.Message);
    }

    private static byte[] Of(long first, long[] shape, long[] strides) =>
        Dictionary(("a", TorchFiles.Tensor(Two, first, shape, strides)));

    private static byte[] Stored(long count) => TorchFiles.Tensor(Storage("FloatStorage", "0", count), 0, [1], [1]);

    private static byte[] Int() => TorchFiles.Tensor(Storage("IntStorage", "0", 2), 0, [2], [1]);

    private static byte[] Wrapped(byte[] value) =>
        Call("torch._utils", "_rebuild_parameter", value, [0x88], OrderedDict);

    private static (string, byte[]) Sharing(int number) =>
        ($"a{number}", TorchFiles.Tensor(Storage("FloatStorage", "0", 100_000), 0, [100_000], [1]));
}
