using ScottPlot;
using SkiaSharp;

namespace EdgeBench.Reports.Plots;

/// <summary>Draws a figure: title, subtitle, legend, then its plots.</summary>
internal static class FigureRenderer
{
    private const int Margin = 16, TitleSize = 17, TextSize = 13, LineHeight = 20, PngScale = 2;

    // ScottPlot keeps typefaces in static caches, and formats are written side by side.
    private static readonly Lock s_drawing = new();

    public static int Height(Figure figure) => Header(figure) + figure.BodyHeight;

    /// <summary>PNG of twice the figure's pixels on a white ground.</summary>
    public static byte[] Png(Figure figure)
    {
        using SKSurface surface = SKSurface.Create(new SKImageInfo(Figure.Width * PngScale, Height(figure) * PngScale));
        surface.Canvas.Clear(Palette.Paper.ToSKColor());
        surface.Canvas.Scale(PngScale);
        Draw(figure, surface.Canvas);
        using SKImage image = surface.Snapshot();
        using SKPixmap pixels = image.PeekPixels() ?? throw new InvalidOperationException("Skia gives no access to a raster surface's pixels.");
        // Flat colours gain nothing from trying every row filter, which is the encoder's default and most of its time.
        using SKData data = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.NoFilters, 6))
            ?? throw new InvalidOperationException("Skia could not encode a PNG.");
        return data.ToArray();
    }

    /// <summary>Raw SVG of Skia with a transparent ground; <see cref="SvgDocument"/> makes it fit for files and pages.</summary>
    public static string Svg(Figure figure)
    {
        using MemoryStream stream = new();
        using (SKCanvas canvas = SKSvgCanvas.Create(SKRect.Create(Figure.Width, Height(figure)), stream)) Draw(figure, canvas);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static int Header(Figure figure) => 58 + (LineHeight * Lines(figure.Key).Count) + (figure.Key.Count > 0 ? 4 : 0);

    private static void Draw(Figure figure, SKCanvas canvas)
    {
        lock (s_drawing) Compose(figure, canvas);
    }

    private static void Compose(Figure figure, SKCanvas canvas)
    {
        Write(canvas, PlotFont.Fit(figure.Title, TitleSize, Figure.Width - (2 * Margin), bold: true), Margin, 26, TitleSize, Palette.Ink, bold: true);
        Write(canvas, PlotFont.Fit(figure.Subtitle, TextSize, Figure.Width - (2 * Margin)), Margin, 47, TextSize, Palette.Muted, bold: false);
        float y = 68;
        foreach (List<KeyEntry> line in Lines(figure.Key))
        {
            float x = Margin;
            foreach (KeyEntry entry in line)
            {
                Swatch(canvas, entry, x + 6, y - 4);
                Write(canvas, entry.Text, x + 18, y, TextSize, Palette.Ink, bold: false);
                x += EntryWidth(entry);
            }
            y += LineHeight;
        }
        int top = Header(figure);
        foreach (PlacedPlot placed in figure.Compose())
        {
            PixelRect place = placed.Place;
            placed.Plot.Render(canvas, new PixelRect(place.Left, place.Right, place.Bottom + top, place.Top + top));
        }
    }

    private static List<List<KeyEntry>> Lines(IReadOnlyList<KeyEntry> key)
    {
        List<List<KeyEntry>> lines = [];
        float width = float.PositiveInfinity;
        foreach (KeyEntry entry in key)
        {
            if (width + EntryWidth(entry) > Figure.Width - Margin)
            {
                lines.Add([]);
                width = Margin;
            }
            lines[^1].Add(entry);
            width += EntryWidth(entry);
        }
        return lines;
    }

    private static float EntryWidth(KeyEntry entry) => 18 + PlotFont.Measure(entry.Text, TextSize) + 22;

    private static void Write(SKCanvas canvas, string text, float x, float y, float size, Color color, bool bold)
    {
        using SKFont font = PlotFont.Font(size, bold);
        using SKPaint paint = new() { Color = color.ToSKColor(), IsAntialias = true };
        canvas.DrawText(text, x, y, font, paint);
    }

    private static void Swatch(SKCanvas canvas, KeyEntry entry, float x, float y)
    {
        using Paint paint = Paint.NewDisposablePaint();
        MarkerStyle style = new(entry.Marker, 11, entry.Hollow ? Colors.Transparent : entry.Color) { OutlineColor = entry.Color, OutlineWidth = entry.Hollow ? 1.5f : 0 };
        if (entry.Marker is MarkerShape.VerticalBar or MarkerShape.HorizontalBar or MarkerShape.Cross or MarkerShape.Eks)
        {
            style.LineColor = entry.Color;
            style.LineWidth = 2;
        }
        style.Render(canvas, new Pixel(x, y), paint);
    }
}
