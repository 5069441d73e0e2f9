using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>
/// What the library says took effect. Flash attention, the cache's types and sizes and the weights' buffers have no function in the C API:
/// the library states them in its log while it opens a model.
/// </summary>
/// <param name="FlashAttention">Null where the log does not say.</param>
/// <param name="KvMebibytes">Sum over the caches, to 0.01 MiB each; null where the log names none.</param>
/// <param name="KvCaches">How many caches the sum covers.</param>
/// <param name="TypeK">Storage type of keys, or null.</param>
/// <param name="TypeV">Storage type of values, or null.</param>
/// <param name="WeightBuffers">Such as <c>CPU_Mapped 98.9 MiB, CPU_REPACK 61.2 MiB</c>.</param>
internal sealed partial record LlamaCppReadback(
    bool? FlashAttention, double? KvMebibytes, int KvCaches, string? TypeK, string? TypeV, IReadOnlyList<string> WeightBuffers)
{
    /// <summary>Tensors of LoRA adapters that were loaded.</summary>
    public int LoraTensors { get; private init; }

    public bool Mapped => WeightBuffers.Any(buffer => buffer.Contains("_Mapped", StringComparison.Ordinal));

    public static LlamaCppReadback Parse(IEnumerable<string> lines)
    {
        bool? flash = null;
        double? mebibytes = null;
        int caches = 0, lora = 0;
        string? typeK = null, typeV = null;
        List<string> buffers = [];
        foreach (string line in lines)
        {
            if (AskedFlash().Match(line) is { Success: true } asked) flash = asked.Groups[1].Value switch { "enabled" => true, "disabled" => false, _ => flash };
            else if (line.Contains("Flash Attention enabled", StringComparison.Ordinal)) flash = true;
            else if (line.Contains("Flash Attention not supported", StringComparison.Ordinal)) flash = false;
            else if (CacheSize().Match(line) is { Success: true } cache)
            {
                mebibytes = (mebibytes ?? 0) + double.Parse(cache.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
                caches++;
                if (CacheTypes().Match(line) is { Success: true } types) (typeK, typeV) = (types.Groups[1].Value, types.Groups[2].Value);
            }
            else if (WeightBuffer().Match(line) is { Success: true } buffer) buffers.Add($"{buffer.Groups[1].Value} {buffer.Groups[2].Value} MiB");
            else if (AdapterLoaded().Match(line) is { Success: true } adapter) lora += int.Parse(adapter.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        }
        return new(flash, mebibytes, caches, typeK, typeV, buffers) { LoraTensors = lora };
    }

    [GeneratedRegex(@"flash_attn\s+= (enabled|disabled|auto)")]
    private static partial Regex AskedFlash();

    // llama_kv_cache: size =    4.50 MiB (   512 cells,  30 layers,  1/1 seqs), K (f16):    2.25 MiB, V (f16):    2.25 MiB
    [GeneratedRegex(@": size =\s+([0-9.]+) MiB \(\s*\d+ cells")]
    private static partial Regex CacheSize();

    [GeneratedRegex(@"K \((\w+)\):.* V \((\w+)\):")]
    private static partial Regex CacheTypes();

    [GeneratedRegex(@"(\S+) model buffer size =\s+([0-9.]+) MiB")]
    private static partial Regex WeightBuffer();

    [GeneratedRegex(@"loaded (\d{1,9}) tensors from lora file")]
    private static partial Regex AdapterLoaded();
}
