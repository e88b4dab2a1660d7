using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Modelling.Prompting;

/// <summary>A text in its prompt, as ids.</summary>
/// <param name="CutOff">Tokens of the texts that are not read.</param>
/// <param name="Place">Of the token whose logits say the label: the mask, or the last token before the word.</param>
public sealed record PromptedText(TokenSequence Tokens, int Place, int CutOff = 0);
