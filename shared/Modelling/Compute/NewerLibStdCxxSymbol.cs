using System.Buffers.Binary;
using System.Text;

namespace TransferPipeline.Modelling.Compute;

/// <summary>
/// Makes a shared library built with GCC 13 loadable where the system's libstdc++ is older.
/// </summary>
/// <remarks>
/// GCC 13 headers reference <c>std::ios_base_library_init()</c>, whose only effect is to initialise iostreams; a library
/// that depends on libtorch has that done by the time it is loaded. The reference is redirected to libc's
/// <c>void tzset()</c>, and the version it came from is marked weak, so that its absence is no error.
/// </remarks>
internal static class NewerLibStdCxxSymbol
{
    public const string Name = "_ZSt21ios_base_library_initv";
    private const string Version = "GLIBCXX_3.4.32";
    private const string Replacement = "tzset";

    // ELF-64, little endian: System V ABI, and the GNU symbol versioning of the Linux Standard Base.
    private const int SectionDynamicSymbols = 11;
    private const int SectionVersionNeeds = 0x6ffffffe;
    private const int SectionVersions = 0x6fffffff;
    private const int SymbolSize = 24;
    private const ushort GlobalVersion = 1;
    private const ushort WeakFlag = 2;

    private readonly record struct Section(int Type, int Offset, int Size, int Link);

    /// <summary>A copy of the library that no longer needs the symbol; the library itself where it never did.</summary>
    /// <exception cref="InvalidDataException">Not a 64-bit little-endian ELF file, or another symbol needs that version.</exception>
    public static byte[] Replace(ReadOnlySpan<byte> library)
    {
        var elf = library.ToArray();
        var sections = Sections(elf);
        var symbols = sections.FirstOrDefault(section => section.Type == SectionDynamicSymbols);
        var versions = sections.FirstOrDefault(section => section.Type == SectionVersions);
        var needs = sections.FirstOrDefault(section => section.Type == SectionVersionNeeds);
        if (symbols == default || versions == default || needs == default)
            return elf;

        var need = FindVersionNeed(elf, needs, sections[needs.Link].Offset);
        if (need < 0)
            return elf;
        var index = ReadUInt16(elf, need + 6);

        var names = sections[symbols.Link].Offset;
        for (var i = 0; i < symbols.Size / SymbolSize; i++)
        {
            var version = versions.Offset + 2 * i;
            if ((ReadUInt16(elf, version) & 0x7fff) != index)
                continue;
            var name = names + (int)ReadUInt32(elf, symbols.Offset + SymbolSize * i);
            if (ReadText(elf, name) is var text && text != Name)
                throw new InvalidDataException($"The library needs {text}@{Version}, which this system does not have.");
            var room = elf.AsSpan(name, Name.Length);
            room.Clear();
            Encoding.ASCII.GetBytes(Replacement, room);
            BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(version), GlobalVersion);
        }

        var flags = (ushort)(ReadUInt16(elf, need + 4) | WeakFlag);
        BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(need + 4), flags);
        return elf;
    }

    private static Section[] Sections(byte[] elf)
    {
        if (elf.Length < 64 || !elf.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("Not a 64-bit little-endian ELF file.");
        try
        {
            var start = (int)ReadUInt64(elf, 0x28);
            var size = ReadUInt16(elf, 0x3a);
            var sections = new Section[ReadUInt16(elf, 0x3c)];
            for (var i = 0; i < sections.Length; i++)
            {
                var at = start + i * size;
                sections[i] = new(
                    (int)ReadUInt32(elf, at + 4),
                    (int)ReadUInt64(elf, at + 0x18),
                    (int)ReadUInt64(elf, at + 0x20),
                    (int)ReadUInt32(elf, at + 0x28)
                );
            }
            return sections;
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new InvalidDataException("The ELF file ends before its section headers.");
        }
    }

    /// <summary>Offset of the <c>Elf64_Vernaux</c> entry of the version, or -1.</summary>
    private static int FindVersionNeed(byte[] elf, Section needs, int names)
    {
        for (var library = needs.Offset; ; )
        {
            var entry = library + (int)ReadUInt32(elf, library + 8);
            for (var i = ReadUInt16(elf, library + 2); i > 0; i--)
            {
                if (ReadText(elf, names + (int)ReadUInt32(elf, entry + 8)) == Version)
                    return entry;
                entry += (int)ReadUInt32(elf, entry + 12);
            }
            var next = (int)ReadUInt32(elf, library + 12);
            if (next == 0)
                return -1;
            library += next;
        }
    }

    private static string ReadText(byte[] elf, int at) =>
        Encoding.ASCII.GetString(elf.AsSpan(at, elf.AsSpan(at).IndexOf((byte)0)));

    private static ushort ReadUInt16(byte[] elf, int at) => BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(at));

    private static uint ReadUInt32(byte[] elf, int at) => BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(at));

    private static ulong ReadUInt64(byte[] elf, int at) => BinaryPrimitives.ReadUInt64LittleEndian(elf.AsSpan(at));
}
