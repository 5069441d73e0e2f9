using System.Net;
using System.Text.RegularExpressions;

namespace EdgeBench.Reports.Plots;

/// <summary>Makes Skia's SVG stand alone as a file, or sit inside a page beside others.</summary>
internal static partial class SvgDocument
{
    /// <summary>A file: carries the typeface and a light ground.</summary>
    public static string File(Figure figure)
    {
        string svg = Body(FigureRenderer.Svg(figure), figure, "f");
        int content = svg.IndexOf('>', StringComparison.Ordinal) + 1;
        string ground = $"<style>{PlotFont.FontFaces}</style><rect width=\"100%\" height=\"100%\" fill=\"#FFFFFE\"/>";
        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{svg.Insert(content, ground)}";
    }

    /// <summary>An element of a page, on the page's ground; <paramref name="prefix"/> keeps its ids apart from other figures'.</summary>
    public static string Element(Figure figure, string prefix) => Body(FigureRenderer.Svg(figure), figure, prefix);

    private static string Body(string svg, Figure figure, string prefix)
    {
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].Trim();
        svg = Ids().Replace(svg, match => $"{match.Groups[1].Value}{prefix}-{match.Groups[2].Value}");
        svg = Families().Replace(svg, match => $"font-family=\"{PlotFont.Family}, sans-serif\"{(match.Value.Contains("SemiBold", StringComparison.Ordinal) ? " font-weight=\"600\"" : "")}");
        int end = svg.IndexOf('>', StringComparison.Ordinal);
        int height = FigureRenderer.Height(figure);
        string label = WebUtility.HtmlEncode(figure.Alt);
        string open = $"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 {Figure.Width} {height}\" width=\"{Figure.Width}\" height=\"{height}\" role=\"img\" aria-label=\"{label}\">";
        return open + svg[(end + 1)..];
    }

    [GeneratedRegex("(\\bid=\"|url\\(#|href=\"#)([^\")]+)")]
    private static partial Regex Ids();

    // Skia names the bold cut as a family of its own, and writes its weight or not.
    [GeneratedRegex("(font-weight=\"[^\"]*\"\\s*)?font-family=\"[^\"]*\"")]
    private static partial Regex Families();
}
