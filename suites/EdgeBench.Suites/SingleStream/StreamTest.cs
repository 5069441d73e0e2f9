using System.Globalization;
using System.Text.RegularExpressions;
using EdgeBench.Core.Problems;

namespace EdgeBench.Suites.SingleStream;

/// <summary>One of llama-bench's tests. At least one of the lengths is positive.</summary>
/// <param name="Prompt">Tokens prefilled.</param>
/// <param name="Generate">Tokens decoded one at a time.</param>
/// <param name="Depth">Tokens in the context before the timed part.</param>
internal readonly partial record struct StreamTest(int Prompt, int Generate, int Depth)
{
    private const int Longest = 16_777_216;

    private const string Grammar = "ppN, tgN or ppN+tgM, optionally followed by ' @ dD', with whole numbers from 1";

    /// <summary>Tokens that the context must hold.</summary>
    public int Context => Prompt + Generate + Depth;

    /// <summary>llama-bench's name: <c>pp512+tg128 @ d4096</c>.</summary>
    public override string ToString()
    {
        string prompt = Prompt > 0 ? $"pp{Prompt}" : "", generate = Generate > 0 ? $"tg{Generate}" : "";
        string plus = Prompt > 0 && Generate > 0 ? "+" : "";
        return $"{prompt}{plus}{generate}{(Depth > 0 ? $" @ d{Depth}" : "")}";
    }

    /// <summary>Checks lengths; throws <see cref="EdgeBenchException"/>.</summary>
    public static StreamTest Of(int prompt, int generate, int depth)
    {
        foreach ((string name, int value) in new[] { ("prompt", prompt), ("generate", generate), ("depth", depth) })
        {
            if (value is < 0 or > Longest) throw EdgeBenchException.BadInput($"'{name}: {value}'", $"0 to {Longest} tokens");
        }
        if (prompt == 0 && generate == 0)
            throw EdgeBenchException.BadInput("single-stream without anything to do", "'prompt', 'generate' or 'tests'", "Give for example 'prompt: 128' and 'generate: 64'.");
        return new(prompt, generate, depth);
    }

    /// <summary>Reads a name; throws <see cref="EdgeBenchException"/> that names it and the grammar.</summary>
    public static StreamTest Parse(string name)
    {
        Match match = Name().Match(name ?? "");
        if (!match.Success || !Length(match.Groups["pp"], out int prompt) || !Length(match.Groups["tg"], out int generate) || !Length(match.Groups["d"], out int depth))
            throw EdgeBenchException.BadInput($"test '{name}'", Grammar, "For example pp512, tg128, or pp512+tg128 @ d4096.");
        return Of(prompt, generate, depth);
    }

    // 0 where the part is not there; false where it is there and is no length from 1.
    private static bool Length(Group group, out int value)
    {
        value = 0;
        return !group.Success || (int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is > 0 and <= Longest);
    }

    [GeneratedRegex(@"^(?:pp(?<pp>[0-9]+)(?:\+tg(?<tg>[0-9]+))?|tg(?<tg>[0-9]+))(?:\s*@\s*d(?<d>[0-9]+))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
