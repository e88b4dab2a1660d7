using System.Buffers.Binary;
using System.Text;
using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>What a pickle asks to be called with some arguments; nothing calls it.</summary>
internal sealed record PickledCall(string Function, object?[] Arguments);

/// <summary>The name of a class or function.</summary>
internal sealed record PickledGlobal(string Name);

/// <summary>A tuple that stands for an object kept outside the pickle.</summary>
internal sealed record PickledReference(object?[] Id);

/// <summary>
/// Reads a pickle as data and executes nothing: a call stays a name with its arguments. Knows the opcodes that
/// <c>torch.load(weights_only=True)</c> knows, without making objects, and no global but those it is told.
/// </summary>
/// <param name="globals">What may be named.</param>
internal sealed class Pickle(string path, Stream stream, IReadOnlySet<string> globals)
{
    /// <summary>Only this may be called here, without arguments: it makes a dictionary.</summary>
    public const string OrderedDict = "collections.OrderedDict";

    // A checkpoint takes some 30 opcodes for a tensor; each makes at most one small object.
    private const int MostOpcodes = 1_000_000;
    private const int MostBytes = 32 << 20;
    private const int LongestText = 4096;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _done;

    /// <summary>The value: null, bool, long, double, string, array (a tuple), list, dictionary, or a record above.</summary>
    /// <exception cref="BadInputException">It is broken, too large, or names or does what is not allowed.</exception>
    public object? Read()
    {
        if (Byte() != 0x80 || Byte() != 2)
            throw Bad("expected a pickle of protocol 2.");
        for (var count = 0; count < MostOpcodes; count++)
        {
            var opcode = Byte();
            if (opcode == '.')
                return _marks.Count == 0 && _stack.Count == 1 ? _stack[0] : throw Bad("it ends within a value.");
            Execute(opcode);
        }
        throw Bad($"more than {MostOpcodes} opcodes.");
    }

    // The names are those of pickletools, where each is described.
    private void Execute(byte opcode)
    {
        switch ((char)opcode)
        {
            case '(': // MARK
                _marks.Push(_stack.Count);
                break;
            case 'a': // APPEND
                Append(Pop(1));
                break;
            case 'e': // APPENDS
                Append(PopToMark());
                break;
            case 's': // SETITEM
                Set(Pop(2));
                break;
            case 'u': // SETITEMS
                Set(PopToMark());
                break;
            case 'q': // BINPUT
                _memo[Byte()] = Top();
                break;
            case 'r': // LONG_BINPUT
                _memo[UInt32()] = Top();
                break;
            case 'b': // BUILD
                Build(Pop(1)[0]);
                break;
            default:
                _stack.Add(Value(opcode));
                break;
        }
    }

    private object? Value(byte opcode) =>
        (char)opcode switch
        {
            'N' => null, // NONE
            '\x88' => true, // NEWTRUE
            '\x89' => false, // NEWFALSE
            'K' => (long)Byte(), // BININT1
            'M' => (long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)), // BININT2
            'J' => (long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)), // BININT
            '\x8a' => Long(Byte()), // LONG1
            'G' => BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)), // BINFLOAT
            'U' => Text(Byte()), // SHORT_BINSTRING
            'X' => Text(UInt32()), // BINUNICODE
            '}' => new Dictionary<string, object?>(StringComparer.Ordinal), // EMPTY_DICT
            ']' => new List<object?>(), // EMPTY_LIST
            ')' => Array.Empty<object?>(), // EMPTY_TUPLE
            '\x85' or '\x86' or '\x87' => Pop(opcode - 0x84), // TUPLE1, TUPLE2, TUPLE3
            't' => PopToMark(), // TUPLE
            'h' => Remembered(Byte()), // BINGET
            'j' => Remembered(UInt32()), // LONG_BINGET
            'c' => Global($"{Line()}.{Line()}"), // GLOBAL
            'R' => Call(Pop(2)), // REDUCE
            'Q' => Pop(1)[0] is object?[] id ? new PickledReference(id) : throw Bad("expected a tuple as a reference."), // BINPERSID
            _ => throw Bad($"opcode 0x{opcode:x2} is refused; expected those that dictionaries of tensors need."),
        };

    private PickledGlobal Global(string name) =>
        globals.Contains(name)
            ? new(name)
            : throw Bad(
                $"{name} is refused, as nothing in a checkpoint is executed; expected one of {string.Join(", ", globals.Order(StringComparer.Ordinal))}."
            );

    private object Call(object?[] popped) =>
        popped switch
        {
            [PickledGlobal(OrderedDict), object?[] and []] => new Dictionary<string, object?>(StringComparer.Ordinal),
            [PickledGlobal(var name), object?[] arguments] => new PickledCall(name, arguments),
            _ => throw Bad("expected a call of a function with a tuple."),
        };

    /// <summary>A dictionary may have attributes: the versions of the modules that it was taken from, of no use here.</summary>
    private void Build(object? state)
    {
        if (Top() is not Dictionary<string, object?> || state is not Dictionary<string, object?>)
            throw Bad("attributes are refused, except those of a dictionary.");
    }

    private void Append(object?[] items)
    {
        if (Top() is not List<object?> list)
            throw Bad("expected a list to add to.");
        list.AddRange(items);
    }

    private void Set(object?[] items)
    {
        if (Top() is not Dictionary<string, object?> dictionary || items.Length % 2 != 0)
            throw Bad("expected a dictionary to add pairs to.");
        for (var i = 0; i < items.Length; i += 2)
            if (items[i] is not string key)
                throw Bad("expected a text as a key.");
            else if (!dictionary.TryAdd(key, items[i + 1]))
                throw Bad($"{key} is there twice.");
    }

    private object? Top() => _stack.Count > Floor ? _stack[^1] : throw Bad("expected a value before it.");

    private object? Remembered(uint index) =>
        _memo.TryGetValue(index, out var value) ? value : throw Bad($"nothing is remembered as number {index}.");

    private object?[] PopToMark()
    {
        var items = Pop(_stack.Count - Floor);
        return _marks.TryPop(out _) ? items : throw Bad("expected a mark before it.");
    }

    private object?[] Pop(int count)
    {
        if (_stack.Count - Floor < count)
            throw Bad($"expected {count} values before it.");
        var items = _stack.GetRange(_stack.Count - count, count).ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    /// <summary>Values below the last mark are out of reach.</summary>
    private int Floor => _marks.TryPeek(out var mark) ? mark : 0;

    private byte Byte() => Bytes(1)[0];

    private uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    private byte[] Bytes(int count)
    {
        if (_done > MostBytes - count)
            throw Bad($"more than {MostBytes} bytes.");
        var bytes = new byte[count];
        if (stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false) < count)
            throw Bad("it ends within a value; is it truncated?");
        _done += count;
        return bytes;
    }

    private long Long(byte count)
    {
        if (count > 8)
            throw Bad($"a number of {count} bytes; at most 8 are allowed.");
        var value = Bytes(count).Reverse().Aggregate(0L, (all, next) => (all << 8) | next);
        return count == 0 ? 0 : value << (64 - 8 * count) >> (64 - 8 * count);
    }

    private string Text(uint count)
    {
        if (count > LongestText)
            throw Bad($"a text of {count} bytes; at most {LongestText} are allowed.");
        return Decode(Bytes((int)count));
    }

    private string Line()
    {
        var bytes = new List<byte>();
        for (var next = Byte(); next != '\n'; next = Byte())
            if (bytes.Count < LongestText)
                bytes.Add(next);
            else
                throw Bad($"a name of more than {LongestText} bytes.");
        return Decode([.. bytes]);
    }

    private string Decode(byte[] bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Bad("a text that is not UTF-8.");
        }
    }

    private BadInputException Bad(string why) => new($"{path}: byte {_done} of a pickle: {why}");
}
