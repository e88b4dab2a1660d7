using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>Markup. Whatever is put into its holes is encoded, unless it is markup itself.</summary>
internal readonly struct Html
{
    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    public static Html Empty => default;

    public static Html Of(Markup markup) => new(markup.ToString());

    /// <summary>Markup that was written by hand and holds nothing of a user's.</summary>
    public static Html Raw(string markup) => new(markup);

    public static Html Join<T>(IEnumerable<T> items, Func<T, Html> each) =>
        new(string.Concat(items.Select(item => each(item)._markup)));

    public override string ToString() => _markup ?? "";

    /// <summary>The interpolated string behind <see cref="Of"/>.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup(int literalLength, int holes)
    {
        private readonly StringBuilder _text = new(literalLength + holes * 16);

        public void AppendLiteral(string literal) => _text.Append(literal);

        public void AppendFormatted(Html html) => _text.Append(html);

        public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(VisibleText.Of(text ?? "")));

        public void AppendFormatted(long number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

        /// <summary>A coordinate of a drawing.</summary>
        public void AppendFormatted(double number) =>
            _text.Append(Math.Round(number, 1).ToString("0.#", CultureInfo.InvariantCulture));

        public override string ToString() => _text.ToString();
    }
}
