using System.ComponentModel.DataAnnotations;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Contracts.Tests;

public sealed class When_a_template_is_read
{
    [Theory]
    [InlineData("{text} It was {mask}.", "First | +It was | +Mask | .")]
    [InlineData("{mask}: {text}", "Mask | : | +First")]
    [InlineData("{first}? {mask}, {second}", "First | ? | +Mask | , | +Second")]
    [InlineData("  {text}{mask}  ", "+First | Mask")]
    public void Its_places_stand_in_order_and_a_blank_goes_with_what_follows(string text, string parts)
    {
        var template = PromptTemplate.Parse(text, out var problems);

        Assert.Empty(problems);
        Assert.Equal(
            parts,
            string.Join(
                " | ",
                template.Parts.Select(part =>
                    (part.BlankBefore ? "+" : "") + (part.Slot == PromptSlot.Words ? part.Words : part.Slot.ToString())
                )
            )
        );
        Assert.Equal(text.Contains("{second}"), template.IsPair);
    }

    [Theory]
    [InlineData("{text} It was great.", "has no {mask}; expected it where the label's word stands")]
    [InlineData("It was {mask}.", "has no {text}; expected it, or {first} and {second}, where the text stands")]
    [InlineData("{first} {mask}", "has no {second}; expected both texts of a pair")]
    [InlineData("{second} {mask}", "has no {first}; expected both texts of a pair")]
    [InlineData("{text} {second} {mask}", "has {text} beside {first} or {second}")]
    [InlineData("{text} {mask} {mask}", "has {mask} 2 times; expected it once")]
    [InlineData("{text} {msk}", "has the slot {msk}; expected {text}, or {first} and {second}, and {mask}")]
    public void What_is_wrong_is_said(string text, string problem)
    {
        PromptTemplate.Parse(text, out var problems);
        Assert.Contains(problems, found => found.StartsWith(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "a=b", "'template' is missing, which strategy prompt needs")]
    [InlineData("{text} {mask}", null, "'labelWords' is missing, which strategy prompt needs")]
    [InlineData("{text}", "a=b", "'template' has no {mask}; expected it where the label's word stands")]
    public void A_step_with_strategy_prompt_needs_one_and_words(string? template, string? words, string problem)
    {
        var spec = new FineTuningSpec
        {
            Template = template,
            LabelWords = words is null ? null : new Dictionary<string, string> { [words[..1]] = words[2..] },
        };

        Assert.Empty(spec.Validate(new ValidationContext(spec)));
        var asked = spec with { Strategy = "prompt" };
        Assert.Contains(
            asked.Validate(new ValidationContext(asked)),
            found => found.ErrorMessage!.StartsWith(problem, StringComparison.Ordinal)
        );
    }
}
