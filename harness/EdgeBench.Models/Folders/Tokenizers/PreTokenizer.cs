using System.Text.Json;
using EdgeBench.Models.Files;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>One step of a pre-tokenizer as tokenizer.json has it, in one canonical line.</summary>
internal static class PreTokenizer
{
    /// <summary>The steps in order; a <c>Sequence</c> is unfolded. An unknown step is a line that no known kind has.</summary>
    public static IReadOnlyList<string> Steps(JsonElement? preTokenizer)
    {
        List<string> steps = [];
        if (preTokenizer is { ValueKind: JsonValueKind.Object } step) Unfold(step, steps);
        return steps;
    }

    private static void Unfold(JsonElement step, List<string> steps)
    {
        if (step.ValueKind == JsonValueKind.Object && TokenizerFiles.Text(step, "type") == "Sequence" && step.TryGetProperty("pretokenizers", out JsonElement inner)
            && inner.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement one in inner.EnumerateArray()) Unfold(one, steps);
            return;
        }
        steps.Add(Line(step));
    }

    private static string Line(JsonElement step) => TokenizerFiles.Text(step, "type") switch
    {
        "ByteLevel" => $"ByteLevel{(Flag(step, "add_prefix_space", true) ? " prefix" : "")}{(Flag(step, "use_regex", true) ? " regex" : "")}",
        "Digits" => $"Digits{(Flag(step, "individual_digits", false) ? " individual" : "")}",
        "Split" when step.TryGetProperty("pattern", out JsonElement pattern) && TokenizerFiles.Text(pattern, "Regex") is { } regex =>
            $"Split {TokenizerFiles.Text(step, "behavior")}{(Flag(step, "invert", false) ? " invert" : "")} {regex}",
        { } other => $"{other} {FileErrors.Quoted(step.GetRawText())}",
        null => FileErrors.Quoted(step.GetRawText()),
    };

    private static bool Flag(JsonElement step, string name, bool absent) =>
        step.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : absent;
}
