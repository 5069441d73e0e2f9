using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Adapters;

/// <summary>
/// Bottleneck adapters: of any attention and feed-forward part <c>blk.N.attn_adapter_down.weight</c> [inner, width] and <c>.bias</c> [inner],
/// <c>blk.N.attn_adapter_up.weight</c> [width, inner] and <c>.bias</c> [width], and the same with <c>ffn</c>; all four of each.
/// </summary>
public sealed class BottleneckHeader : AdapterHeader
{
    private static readonly string[] s_parts = ["attn", "ffn"], s_tensors = ["down.weight", "down.bias", "up.weight", "up.bias"];

    internal BottleneckHeader(GgufOutline file)
        : base(file)
    {
        RequireVersion();
        Dictionary<string, int> sites = new(StringComparer.Ordinal);
        foreach (TensorOutline tensor in file.Tensors)
        {
            string site = SiteOf(tensor.Name) ?? throw Bad($"tensor '{tensor.Name}'", "blk.N.attn_adapter_… and blk.N.ffn_adapter_… with down.weight, down.bias, up.weight and up.bias", Again);
            if (sites.ContainsKey(site)) continue;
            sites[site] = Inner(site);
        }
        Sites = sites;
    }

    public override AdapterKind Kind => AdapterKind.Bottleneck;

    /// <summary>Inner width by site, such as <c>blk.0.attn_adapter</c>.</summary>
    public IReadOnlyDictionary<string, int> Sites { get; }

    /// <summary>The site of a layer's attention.</summary>
    public static string Attention(int layer) => $"blk.{layer}.attn_adapter";

    /// <summary>The site of a layer's feed-forward part.</summary>
    public static string FeedForward(int layer) => $"blk.{layer}.ffn_adapter";

    private protected override void CheckTensors(GgufOutline model)
    {
        ModelArchitecture architecture = GgufArchitecture.Of(model);
        HashSet<string> known = [.. Enumerable.Range(0, architecture.Layers).SelectMany(layer => new[] { Attention(layer), FeedForward(layer) })];
        foreach ((string site, int inner) in Sites)
        {
            if (!known.Contains(site)) throw Bad($"'{site}'", $"layers 0 to {architecture.Layers - 1}, which the model has", OtherBase);
            Require($"{site}_down.weight", inner, architecture.Width);
            Require($"{site}_down.bias", 1, inner);
            Require($"{site}_up.weight", architecture.Width, inner);
            Require($"{site}_up.bias", 1, architecture.Width);
        }
    }

    private void Require(string name, int rows, int columns)
    {
        TensorOutline tensor = File.Find(name)!;
        if (tensor.Rows != rows || tensor.RowLength != columns) throw Bad($"'{name}' has {tensor.Rows} rows of {tensor.RowLength}", $"{rows} rows of {columns}, by the model's width", OtherBase);
    }

    private int Inner(string site)
    {
        foreach (string tensor in s_tensors)
        {
            if (File.Find($"{site}_{tensor}") is null) throw Bad($"'{site}' without its {tensor}", "all four tensors of an adapter", Again);
        }
        return checked((int)File.Find($"{site}_down.weight")!.Rows);
    }

    // blk.3.attn_adapter of blk.3.attn_adapter_down.weight.
    private static string? SiteOf(string name)
    {
        foreach (string marker in s_parts.Select(part => $".{part}_adapter_"))
        {
            int at = name.IndexOf(marker, StringComparison.Ordinal);
            if (at > 0 && name.StartsWith("blk.", StringComparison.Ordinal) && s_tensors.Contains(name[(at + marker.Length)..])) return name[..(at + marker.Length - 1)];
        }
        return null;
    }
}
