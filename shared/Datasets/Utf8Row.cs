namespace TransferPipeline.Datasets;

/// <summary>An <see cref="Example"/> as UTF-8 that belongs to somebody else: valid until the next row is read.</summary>
public ref struct Utf8Row
{
    public Utf8Row() { }

    public ReadOnlySpan<byte> Id { get; set; }
    public ReadOnlySpan<byte> Text { get; set; }
    public ReadOnlySpan<byte> TextB { get; set; }
    public bool HasTextB { get; set; }
    public ReadOnlySpan<byte> Label { get; set; }
    public bool HasLabel { get; set; }
    public ReadOnlySpan<byte> Source { get; set; }
    public bool HasSource { get; set; }
    public ReadOnlySpan<byte> Group { get; set; }
    public bool HasGroup { get; set; }
    public float Weight { get; set; } = 1f;
    public ExampleOrigin Origin { get; set; } = ExampleOrigin.Ingested;
}
