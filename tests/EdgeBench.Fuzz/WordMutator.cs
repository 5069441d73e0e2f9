using System.Text;
using System.Text.RegularExpressions;

namespace EdgeBench.Fuzz;

/// <summary>Changes a program's text word by word in one to four places: what comes out is mostly made of whole names, numbers, texts and signs.</summary>
internal static partial class WordMutator
{
    private const int LongestRun = 12;

    /// <param name="other">Where words that are put in come from.</param>
    public static byte[]? Mutate(byte[] input, byte[] other, Random random)
    {
        List<string> words = Words(input), others = Words(other);
        if (words.Count == 0 || others.Count == 0) return null;
        for (int step = 1 + random.Next(4); step > 0 && words.Count > 0; step--)
        {
            int at = random.Next(words.Count), run = 1 + random.Next(Math.Min(LongestRun, words.Count - at)), from = random.Next(others.Count);
            switch (random.Next(5))
            {
                case 0: words.RemoveRange(at, run); break;
                case 1: words.InsertRange(at, words.GetRange(at, run)); break;
                case 2: words[at] = others[from]; break;
                case 3: words[at] = words[random.Next(words.Count)]; break;
                default: words.InsertRange(at, others.GetRange(from, Math.Min(run, others.Count - from))); break;
            }
        }
        return Encoding.UTF8.GetBytes(string.Concat(words));
    }

    private static List<string> Words(byte[] text) => [.. Word().Matches(Encoding.UTF8.GetString(text)).Select(word => word.Value)];

    [GeneratedRegex(@"\{[%{#]-?|-?[%}#]\}|'[^']*'|\w+|\s+|.", RegexOptions.Singleline)]
    private static partial Regex Word();
}
