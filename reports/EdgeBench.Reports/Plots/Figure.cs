using ScottPlot;

namespace EdgeBench.Reports.Plots;

/// <summary>What a figure shows; the order in which reports show them.</summary>
public enum FigureKind
{
    Prefill,
    Decode,
    InterTokenLatency,
    Inference,
    Roofline,
    Memory,
    Energy,
    InferenceEnergy,
    Power,
    SizeQuality,
    SpeedQuality,
    Timeline,
    Training,
}

/// <summary>One picture, drawn the same way into PNG and SVG.</summary>
/// <param name="Name">File name without extension, safe on every system.</param>
/// <param name="Title">What it shows and which way is good.</param>
/// <param name="Subtitle">Model, test, device, tier.</param>
/// <param name="Caption">How to read it.</param>
/// <param name="Alt">The same figures in words, for those who do not see it.</param>
/// <param name="Key">Legend entries.</param>
/// <param name="BodyHeight">Pixels below title and legend.</param>
/// <param name="Compose">Plots with their places in a body of <see cref="Width"/> × <paramref name="BodyHeight"/> pixels.</param>
public sealed record Figure(
    FigureKind Kind, string Name, string Title, string Subtitle, string Caption, string Alt, IReadOnlyList<KeyEntry> Key, int BodyHeight,
    Func<IReadOnlyList<PlacedPlot>> Compose)
{
    public const int Width = 900;
}

/// <summary>A legend entry: a marker in a colour, hollow where it stands for what is not ranked.</summary>
public sealed record KeyEntry(string Text, Color Color, MarkerShape Marker, bool Hollow = false);

/// <summary>A plot and its rectangle within a figure's body, in pixels.</summary>
public sealed record PlacedPlot(Plot Plot, PixelRect Place);
