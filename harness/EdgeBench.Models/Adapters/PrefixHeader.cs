using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Adapters;

/// <summary>Keys and values of a prefix: <c>blk.N.prefix_k</c> and <c>blk.N.prefix_v</c> [tokens, key/value heads · elements of a head] of every layer.</summary>
public sealed class PrefixHeader : AdapterHeader
{
    internal PrefixHeader(GgufOutline file)
        : base(file)
    {
        RequireVersion();
        VirtualTokens = (int)file.Tensors[0].Rows;
        if (file.Tensors.FirstOrDefault(tensor => tensor.Rows != VirtualTokens || tensor.RowLength != file.Tensors[0].RowLength) is { } other)
            throw Bad($"'{other.Name}' has {other.Rows} rows of {other.RowLength}", $"{VirtualTokens} of {file.Tensors[0].RowLength}, as '{file.Tensors[0].Name}' has", Again);
        Layers = file.Tensors.Count / 2;
        string[] names = [.. Enumerable.Range(0, Layers).SelectMany(layer => new[] { Key(layer), Value(layer) })];
        if (file.Tensors.Select(tensor => tensor.Name).Except(names).FirstOrDefault() is { } unknown) throw Bad($"tensor '{unknown}'", "blk.N.prefix_k and blk.N.prefix_v of every layer N from 0 on", Again);
    }

    public override AdapterKind Kind => AdapterKind.Prefix;

    public override int VirtualTokens { get; }

    public int Layers { get; }

    public static string Key(int layer) => $"blk.{layer}.prefix_k";

    public static string Value(int layer) => $"blk.{layer}.prefix_v";

    private protected override void CheckTensors(GgufOutline model)
    {
        ModelArchitecture architecture = GgufArchitecture.Of(model);
        if (Layers != architecture.Layers) throw Bad($"a prefix of {Layers} layers", $"{architecture.Layers}, as the model has", OtherBase);
        int width = architecture.KvHeads * architecture.HeadDim;
        if (File.Tensors[0].RowLength != width) throw Bad($"'{File.Tensors[0].Name}' has rows of {File.Tensors[0].RowLength}", $"{width}, the model's keys of a position", OtherBase);
    }
}
