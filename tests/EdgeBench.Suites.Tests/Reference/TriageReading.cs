using System.Text.RegularExpressions;

namespace EdgeBench.Suites.Tests.Reference;

/// <summary>
/// The label of a note from its text alone, by the rules as suites/reference/README.md has them: written apart from the generator, so that it shows that a text determines its label.
/// </summary>
internal static class TriageReading
{
    private static readonly Dictionary<string, (string Category, int Points)> s_complaints = new()
    {
        ["chest pain"] = ("cardiac", 3),
        ["pain in the chest"] = ("cardiac", 3),
        ["palpitations"] = ("cardiac", 2),
        ["irregular heartbeats"] = ("cardiac", 2),
        ["swollen legs"] = ("cardiac", 1),
        ["shortness of breath"] = ("respiratory", 3),
        ["trouble breathing"] = ("respiratory", 3),
        ["wheezing"] = ("respiratory", 2),
        ["cough"] = ("respiratory", 1),
        ["dry cough"] = ("respiratory", 1),
        ["weakness on one side"] = ("neurological", 4),
        ["numbness on one side"] = ("neurological", 4),
        ["seizures"] = ("neurological", 4),
        ["headache"] = ("neurological", 1),
        ["pain in the head"] = ("neurological", 1),
        ["dizziness"] = ("neurological", 1),
        ["vertigo"] = ("neurological", 1),
        ["blood in the stool"] = ("digestive", 3),
        ["black stool"] = ("digestive", 3),
        ["stomach pain"] = ("digestive", 1),
        ["pain in the belly"] = ("digestive", 1),
        ["vomiting"] = ("digestive", 1),
        ["diarrhoea"] = ("digestive", 1),
        ["loose stool"] = ("digestive", 1),
        ["deformed wrist"] = ("injury", 3),
        ["deformed ankle"] = ("injury", 3),
        ["deep cut"] = ("injury", 2),
        ["bleeding wound"] = ("injury", 2),
        ["twisted ankle"] = ("injury", 1),
        ["twisted knee"] = ("injury", 1),
        ["swollen lips"] = ("skin", 3),
        ["swollen tongue"] = ("skin", 3),
        ["burns"] = ("skin", 2),
        ["rash"] = ("skin", 0),
        ["itching"] = ("skin", 0),
    };

    private static readonly Dictionary<string, string> s_history = new()
    {
        ["heart failure"] = "cardiac",
        ["a heart attack"] = "cardiac",
        ["asthma"] = "respiratory",
        ["lung disease"] = "respiratory",
        ["a stroke"] = "neurological",
        ["epilepsy"] = "neurological",
        ["an ulcer"] = "digestive",
        ["liver disease"] = "digestive",
        ["brittle bones"] = "injury",
        ["blood thinners"] = "injury",
        ["allergies"] = "skin",
        ["eczema"] = "skin",
    };

    private static readonly string[] s_small = ["two", "three", "four", "five", "six", "seven", "eight"];

    public static string Label(string note)
    {
        string complaints = string.Join('|', s_complaints.Keys.OrderByDescending(name => name.Length));
        // What follows "no" or "denies" is absent.
        string affirmed = Regex.Replace(note, $@"\b(no|denies) ({complaints})\b", "");
        (string Category, int Points)[] present = [.. Regex.Matches(affirmed, $@"\b({complaints})\b").Select(match => s_complaints[match.Value])];
        string leading = present.First(one => one.Points == present.Max(other => other.Points)).Category;
        int points = present.Max(one => one.Points) + present.Length - 1;
        int age = Number(note, @"(\d+) year old|(?:woman|man|girl|boy), (\d+)|aged (\d+)")!.Value;
        if (age is >= 75 or <= 2) points++;
        if (s_history.Any(one => note.Contains(one.Key, StringComparison.Ordinal) && one.Value == leading)) points++;
        if (Weeks(note) >= 2) points--;
        points += Number(note, @"(?:pulse|hr|heart rate) (\d+)") switch { >= 120 => 2, >= 100 => 1, _ => 0 };
        points += Number(note, @"(?:bp|blood pressure) (\d+)/") switch { < 90 => 2, < 100 => 1, _ => 0 };
        points += Number(note, @"(?:temp|temperature) (\d+)\.") >= 39 ? 1 : 0;
        points += Number(note, @"(?:spo2|oxygen) (\d+)") switch { < 90 => 3, < 95 => 1, _ => 0 };
        string urgency = points <= 1 ? "routine" : points <= 3 ? "soon" : points <= 5 ? "urgent" : "emergency";
        return $"{{\"category\":\"{leading}\",\"urgency\":\"{urgency}\"}}";
    }

    private static int Weeks(string note)
    {
        Match match = Regex.Match(note, @"for (\S+) weeks");
        return !match.Success ? 0 : int.TryParse(match.Groups[1].Value, out int digits) ? digits : Array.IndexOf(s_small, match.Groups[1].Value) + 2;
    }

    private static int? Number(string note, string pattern)
    {
        Match match = Regex.Match(note, pattern);
        return match.Success ? int.Parse(match.Groups.Values.Skip(1).First(group => group.Success).Value) : null;
    }
}
