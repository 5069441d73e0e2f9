using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;

namespace EdgeBench.Models.Adapters;

/// <summary>Names of LoRA's tensors, and whether an adapter's are pairs of one rank.</summary>
internal static class LoraNames
{
    public const string SuffixA = ".lora_A.weight", SuffixB = ".lora_B.weight";

    /// <summary>The linear layer of a tensor, and whether it is the pair's A; null for another tensor.</summary>
    public static (string Linear, bool IsA)? Parse(string name) =>
        name.EndsWith(SuffixA, StringComparison.Ordinal) ? (name[..^SuffixA.Length], true)
        : name.EndsWith(SuffixB, StringComparison.Ordinal) ? (name[..^SuffixB.Length], false)
        : null;

    /// <summary>Whether a target names a linear layer, as PEFT matches them: the whole name or its end.</summary>
    public static bool Matches(string linear, string target) => linear == target || linear.EndsWith($".{target}", StringComparison.Ordinal);

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input).</summary>
    public static void Check(Adapter adapter, IReadOnlyDictionary<string, AdapterTensor> byName, string path)
    {
        if (adapter.Rank < 1) throw Bad($"rank {adapter.Rank}", "at least 1");
        if (!double.IsFinite(adapter.Alpha)) throw Bad($"alpha {adapter.Alpha}", "a finite number");
        HashSet<string> linears = new(StringComparer.Ordinal);
        foreach (AdapterTensor tensor in adapter.Tensors)
        {
            if (Parse(tensor.Name) is not (var linear, var isA)) throw Bad($"tensor {FileErrors.Quoted(tensor.Name)}", $"pairs of …{SuffixA} and …{SuffixB}");
            linears.Add(linear);
            if (!byName.ContainsKey(linear + (isA ? SuffixB : SuffixA))) throw Bad($"tensor {FileErrors.Quoted(tensor.Name)} without its {(isA ? SuffixB : SuffixA)[1..]}", "both of a pair");
            if (tensor.Shape.Count != 2 || tensor.Shape[isA ? 0 : 1] != adapter.Rank)
                throw Bad($"tensor {FileErrors.Quoted(tensor.Name)} has the shape {tensor.ShapeText}", isA ? $"[{adapter.Rank}, inputs], by the rank" : $"[outputs, {adapter.Rank}], by the rank");
        }
        string[] last = [.. linears.Select(linear => linear[(linear.LastIndexOf('.') + 1)..]).Distinct()];
        if (adapter.Targets.FirstOrDefault(target => !linears.Any(linear => Matches(linear, target))) is { } unknown)
            throw EdgeBenchException.BadInput($"target {FileErrors.Quoted(unknown)} has no tensors", $"targets among {string.Join(", ", last)}", Nearest.Question(unknown, last.Concat(linears)), path);

        EdgeBenchException Bad(string found, string expected) => EdgeBenchException.BadInput(found, expected, "Save the adapter again.", path);
    }
}
