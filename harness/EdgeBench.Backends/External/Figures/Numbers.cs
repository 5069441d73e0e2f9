using System.Globalization;
using System.Text.Json;

namespace EdgeBench.Backends.External.Figures;

/// <summary>Numbers as programs write them; what no measurement can be is refused with its place.</summary>
internal static class Numbers
{
    // Past these a figure is a mistake of units or an overflow, whatever it measures: 30 years, exabytes, tokens a second.
    private const double Largest = 1e18;

    /// <summary>A finite number above 0. Throws <see cref="ToolOutputException"/>.</summary>
    public static double Positive(double value, string what) =>
        value is > 0 and <= Largest ? value : throw new ToolOutputException(FormattableString.Invariant($"{what} is {value}; expected a number above 0 and at most {Largest:0e0}"));

    /// <summary>Digits with an optional fraction and exponent, nothing else.</summary>
    public static double Positive(string text, string what) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double value)
            ? Positive(value, what)
            : throw new ToolOutputException($"{what} is '{Excerpt(text)}'; expected a number");

    public static double Positive(JsonElement value, string what) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            ? Positive(number, what)
            : throw new ToolOutputException($"{what} is {Excerpt(value.GetRawText())}; expected a number");

    /// <summary>A count from 1.</summary>
    public static int Count(string text, string what) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
            ? value
            : throw new ToolOutputException($"{what} is '{Excerpt(text)}'; expected a whole number from 1");

    /// <summary>Refuses two accounts of one thing that differ by more than a share of the larger.</summary>
    public static void Agree(double a, double b, double share, string what)
    {
        if (Math.Abs(a - b) > share * Math.Max(a, b))
            throw new ToolOutputException(FormattableString.Invariant($"{what} do not agree: {a:g6} and {b:g6}"));
    }

    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The start of a text for a message, on one line.</summary>
    public static string Excerpt(string text) =>
        string.Concat(text.Take(80).Select(c => char.IsControl(c) ? ' ' : c)) + (text.Length > 80 ? "…" : "");
}
