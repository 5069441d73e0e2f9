using System.Text;

namespace EdgeBench.Models.Tokenizers.Unicode;

/// <summary>
/// Unicode's normalisation forms (UAX #15), because .NET has none where globalisation is invariant. <c>string.Normalize</c> then leaves text as it is.
/// </summary>
internal static class Normalizer
{
    private const int HangulFirst = 0xAC00, HangulLast = 0xD7A3, LeadFirst = 0x1100, VowelFirst = 0x1161, TrailFirst = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28;

    /// <summary>NFD, or NFKD.</summary>
    public static string Decompose(string text, bool compatibility) => Ascii.IsValid(text) ? text : Write(Decomposed(text, compatibility));

    /// <summary>NFC, or NFKC.</summary>
    public static string Compose(string text, bool compatibility)
    {
        if (Ascii.IsValid(text)) return text;
        List<int> points = Decomposed(text, compatibility);
        ComposeInPlace(points);
        return Write(points);
    }

    /// <summary>The first code point of the canonical decomposition.</summary>
    public static int FirstOfDecomposition(int codePoint)
    {
        if (codePoint is >= HangulFirst and <= HangulLast) return LeadFirst + ((codePoint - HangulFirst) / (Vowels * Trails));
        while (codePoint >= 0xC0 && NormalizationTable.Instance.Step(codePoint, compatibility: false) is { } into) codePoint = into[0];
        return codePoint;
    }

    private static List<int> Decomposed(string text, bool compatibility)
    {
        NormalizationTable table = NormalizationTable.Instance;
        List<int> points = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) Append(table, rune.Value, compatibility, points);
        for (int start = 0; start < points.Count; start++)
        {
            if (table.Class(points[start]) == 0) continue;
            int end = start + 1;
            while (end < points.Count && table.Class(points[end]) != 0) end++;
            // Canonical ordering: by class, and in the order written within a class.
            int[] sorted = [.. points[start..end].OrderBy(point => table.Class(point))];
            for (int i = start; i < end; i++) points[i] = sorted[i - start];
            start = end;
        }
        return points;
    }

    private static void Append(NormalizationTable table, int codePoint, bool compatibility, List<int> points)
    {
        if (codePoint is >= HangulFirst and <= HangulLast)
        {
            int index = codePoint - HangulFirst;
            points.Add(LeadFirst + (index / (Vowels * Trails)));
            points.Add(VowelFirst + (index % (Vowels * Trails) / Trails));
            if (index % Trails != 0) points.Add(TrailFirst + (index % Trails));
        }
        else if (codePoint >= 0xA0 && table.Step(codePoint, compatibility) is { } into)
        {
            foreach (int part in into) Append(table, part, compatibility, points);
        }
        else
        {
            points.Add(codePoint);
        }
    }

    private static void ComposeInPlace(List<int> points)
    {
        NormalizationTable table = NormalizationTable.Instance;
        int starter = -1, kept = 0, lastClass = -1;
        for (int i = 0; i < points.Count; i++)
        {
            int point = points[i], own = table.Class(point);
            // Blocked where something of the same or a higher class stands between.
            if (starter >= 0 && (lastClass < own || lastClass == -1) && Pair(table, points[starter], point) is >= 0 and int composed)
            {
                points[starter] = composed;
                continue;
            }
            if (own == 0) (starter, lastClass) = (kept, -1);
            else lastClass = own;
            points[kept++] = point;
        }
        points.RemoveRange(kept, points.Count - kept);
    }

    private static int Pair(NormalizationTable table, int first, int second)
    {
        if (first is >= LeadFirst and < LeadFirst + Leads && second is >= VowelFirst and < VowelFirst + Vowels)
            return HangulFirst + ((((first - LeadFirst) * Vowels) + second - VowelFirst) * Trails);
        if (first is >= HangulFirst and <= HangulLast && (first - HangulFirst) % Trails == 0 && second is > TrailFirst and < TrailFirst + Trails)
            return first + second - TrailFirst;
        return table.Compose(first, second);
    }

    private static string Write(List<int> points)
    {
        StringBuilder text = new(points.Count);
        foreach (int point in points) text.Append(new Rune(point).ToString());
        return text.ToString();
    }
}
