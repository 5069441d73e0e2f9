using ScottPlot;

namespace EdgeBench.Reports.Plots;

/// <summary>
/// Colours that colour-blind readers can tell apart: M. Okabe and K. Ito, "Color Universal Design", 2008. Black is left out, because the
/// page also has a dark ground, and yellow comes last, because it is faint on a light one.
/// </summary>
internal static class Palette
{
    /// <summary>Text and axes. The HTML page finds these four by value and swaps them on a dark ground: use them for nothing else.</summary>
    public static Color Ink { get; } = Color.FromHex("#1B1F24");

    /// <summary>Secondary text, and outlines of what is not ranked.</summary>
    public static Color Muted { get; } = Color.FromHex("#5B6570");

    public static Color Grid { get; } = Color.FromHex("#E3E7EB");

    public static Color Paper { get; } = Color.FromHex("#FFFFFE");

    private static readonly Color[] s_series =
    [
        Color.FromHex("#0072B2"), Color.FromHex("#E69F00"), Color.FromHex("#009E73"), Color.FromHex("#CC79A7"),
        Color.FromHex("#56B4E9"), Color.FromHex("#D55E00"), Color.FromHex("#F0E442"),
    ];

    private static readonly MarkerShape[] s_markers =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond,
        MarkerShape.FilledTriangleDown, MarkerShape.Cross, MarkerShape.Eks,
    ];

    public static Color Series(int index) => s_series[index % s_series.Length];

    public static MarkerShape Marker(int index) => s_markers[index % s_markers.Length];
}
