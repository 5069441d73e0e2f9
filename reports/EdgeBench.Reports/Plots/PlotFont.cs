using ScottPlot;
using SkiaSharp;

namespace EdgeBench.Reports.Plots;

/// <summary>
/// The embedded typeface of every plot. Skia's build without system libraries finds no fonts on a bare machine, and the same widths
/// are needed where an SVG is read as where it was drawn.
/// </summary>
internal static class PlotFont
{
    public const string Family = "Inter";

    private static readonly SKTypeface s_regular = Load("Inter-Regular.ttf"), s_bold = Load("Inter-SemiBold.ttf");

    static PlotFont()
    {
        Fonts.FontResolvers.Insert(0, new Resolver());
        Fonts.Default = Family;
    }

    /// <summary>CSS that gives a page or an SVG file the typeface, as data.</summary>
    public static string FontFaces { get; } = Face("Inter-Regular.woff2", 400) + Face("Inter-SemiBold.woff2", 600);

    public static SKTypeface Typeface(bool bold) => bold ? s_bold : s_regular;

    /// <summary>A font with unhinted widths, so that letters stand alike at any scale.</summary>
    public static SKFont Font(float size, bool bold) =>
        new(Typeface(bold), size) { Edging = SKFontEdging.Antialias, Subpixel = true, LinearMetrics = true, Hinting = SKFontHinting.None };

    /// <summary>Width of a text in pixels.</summary>
    public static float Measure(string text, float size, bool bold = false)
    {
        using SKFont font = Font(size, bold);
        return font.MeasureText(text);
    }

    /// <summary>The text, its middle replaced by "…" where it is wider than that: names differ at both ends.</summary>
    public static string Fit(string text, float size, float width, bool bold = false) =>
        Shorten(text, size, width, bold, (parts, keep) => string.Concat(text.AsSpan(0, parts[(keep + 1) / 2]), "…", text.AsSpan(parts[^(1 + (keep / 2))])));

    /// <summary>The text, cut with "…" at its end where it is wider than that.</summary>
    public static string FitStart(string text, float size, float width) =>
        Shorten(text, size, width, bold: false, (parts, keep) => string.Concat(text.AsSpan(0, parts[keep]), "…"));

    // Bisects for the most text elements that fit, so that an endless name costs little. The last entry of parts is the end of the text.
    private static string Shorten(string text, float size, float width, bool bold, Func<int[], int, string> keeping)
    {
        if (Measure(text, size, bold) <= width) return text;
        int[] parts = [.. System.Globalization.StringInfo.ParseCombiningCharacters(text), text.Length];
        int fits = 0, tooMany = parts.Length;
        while (tooMany - fits > 1)
        {
            int middle = (fits + tooMany) / 2;
            if (Measure(keeping(parts, middle), size, bold) <= width) fits = middle;
            else tooMany = middle;
        }
        return keeping(parts, fits);
    }

    private static string Face(string resource, int weight) =>
        $"@font-face{{font-family:{Family};font-weight:{weight};src:url(data:font/woff2;base64,{Convert.ToBase64String(Resources.Bytes(resource))})}}";

    private static SKTypeface Load(string resource)
    {
        using SKData data = SKData.CreateCopy(Resources.Bytes(resource));
        return SKTypeface.FromData(data);
    }

    private sealed class Resolver : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => Typeface(bold);

        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            Typeface(weight >= FontWeight.SemiBold);
    }
}
