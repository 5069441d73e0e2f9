using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeBench.Devices.Power.PiPmic;

/// <summary>
/// Reads what <c>vcgencmd pmic_read_adc</c> prints, in both of its forms: <c>VDD_CORE_A current(7)=1.11625000A</c>, and without the channel,
/// <c>VDD_CORE_A=1.11625000A</c>.
/// </summary>
internal static partial class PmicText
{
    /// <summary>
    /// Watts of all rails that have a current: the sum of their products with the voltage of the same name. Null where no rail has one, a current lacks its
    /// voltage, a rail stands there twice, or a number is none: a part of the rails is no figure. Voltages alone (input, battery) draw nothing here.
    /// </summary>
    public static double? Watts(string text)
    {
        Dictionary<string, double> amperes = [], volts = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Match match = Line().Match(line);
            if (!match.Success) return null;
            if (!double.TryParse(match.Groups["value"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)) return null;
            bool current = match.Groups["kind"].Value == "A";
            if (match.Groups["unit"].Value != match.Groups["kind"].Value) return null;
            if (!(current ? amperes : volts).TryAdd(match.Groups["rail"].Value, value)) return null;
        }
        if (amperes.Count == 0 || amperes.Keys.Any(rail => !volts.ContainsKey(rail))) return null;
        return amperes.Sum(rail => rail.Value * volts[rail.Key]);
    }

    [GeneratedRegex(@"^(?<rail>[0-9A-Za-z_]{1,32})_(?<kind>[AV])(?:\s+(?:current|volt)\([0-9]{1,3}\))?\s*=\s*(?<value>[^\s=]{1,32}?)(?<unit>[AV])$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Line();
}
