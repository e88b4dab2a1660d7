namespace TransferPipeline.Modelling.Tokenization;

/// <summary>A piece of a text: its id and where it stands, in UTF-16 units, the end not included.</summary>
public readonly record struct TokenSpan(int Id, int Start, int End);
