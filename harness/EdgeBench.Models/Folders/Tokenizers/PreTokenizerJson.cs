using System.Text.Json.Nodes;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>A known pre-tokenizer as tokenizer.json has it: the way back from <see cref="PreTokenizer.Steps"/>.</summary>
internal static class PreTokenizerJson
{
    private const string Split = "Split Isolated ";

    public static JsonObject Of(PreTokenizerKind kind)
    {
        JsonObject[] steps = [.. kind.Steps.Select(Step)];
        return steps.Length == 1 ? steps[0] : new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray([.. steps]) };
    }

    private static JsonObject Step(string line) => line switch
    {
        "Digits individual" => new JsonObject { ["type"] = "Digits", ["individual_digits"] = true },
        "ByteLevel" or "ByteLevel regex" => new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = line == "ByteLevel regex" },
        _ when line.StartsWith(Split, StringComparison.Ordinal) => new JsonObject
        {
            ["type"] = "Split",
            ["pattern"] = new JsonObject { ["Regex"] = line[Split.Length..] },
            ["behavior"] = "Isolated",
            ["invert"] = false,
        },
        _ => throw new ArgumentException($"No step '{line}'.", nameof(line)),
    };
}
