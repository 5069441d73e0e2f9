using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Adapters;

/// <summary>
/// A LoRA adapter in the form that llama.cpp's <c>convert_lora_to_gguf.py</c> writes: <c>X.lora_a</c> [rank, inputs] and <c>X.lora_b</c> [outputs, rank] for matrices X,
/// and <c>adapter.lora.alpha</c>; X x becomes X x + alpha / rank · B (A x). Source: E. Hu et al., "LoRA", 2021.
/// </summary>
public sealed class LoraHeader : AdapterHeader
{
    public const string AlphaKey = "adapter.lora.alpha";

    internal const string SuffixA = ".weight.lora_a", SuffixB = ".weight.lora_b";

    private LoraHeader(GgufOutline file)
        : base(file)
    {
        if (Text(file, "general.type") != "adapter" || Text(file, TypeKey) is not { } type)
            throw Bad("the file is no LoRA adapter", "'general.type' adapter and 'adapter.type' lora", "Convert it with 'edgebench models convert' or convert_lora_to_gguf.py.");
        if (type != NameOf(AdapterKind.Lora)) throw Bad($"the file is no LoRA adapter but one of '{TypeKey}' {type}", $"'{TypeKey}' lora", "Name it with 'adapter' in the place of 'lora'.");
        // llama.cpp's server switches these on by the text; applied from the first token on they would be another adapter.
        if (file.Metadata.ContainsKey("adapter.alora.invocation_tokens"))
            throw Bad("an activated adapter (aLoRA), which waits for its words", "an adapter that holds for every token", "Use a plain LoRA adapter.");
        Alpha = file.Metadata.GetValueOrDefault(AlphaKey)?.AsNumber() ?? 0;
        if (!double.IsFinite(Alpha)) throw Bad($"'{AlphaKey}' is {Alpha}", "a finite number", Again);
        Pairs = [.. file.Tensors.Where(tensor => !IsSecond(tensor)).Select(PairOf)];
        if (Pairs.Count == 0) throw Bad("an adapter without tensors", "pairs of …lora_a and …lora_b", Again);
    }

    public override AdapterKind Kind => AdapterKind.Lora;

    /// <summary>0 leaves the pairs as they are stored, as llama.cpp does.</summary>
    public double Alpha { get; }

    public IReadOnlyList<LoraPair> Pairs { get; }

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for what is no such adapter.</summary>
    public static new LoraHeader Of(GgufFile file) => Of(GgufOutline.Of(file));

    /// <summary>The same of a file that is not written yet.</summary>
    public static new LoraHeader Of(GgufOutline file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new(file);
    }

    private protected override void CheckTensors(GgufOutline model)
    {
        foreach (LoraPair pair in Pairs)
        {
            TensorOutline matrix = model.Find(pair.Matrix + ".weight") ?? throw Bad($"the adapter changes '{pair.Matrix}'", "matrices that the model has", OtherBase);
            if (matrix.RowLength != pair.A.RowLength || matrix.Rows != pair.B.Rows)
                throw Bad($"'{pair.Matrix}' is adapted from {pair.A.RowLength} to {pair.B.Rows} elements", $"{matrix.RowLength} to {matrix.Rows}, as the model has", OtherBase);
        }
    }

    /// <summary>Throws as <see cref="AdapterHeader.Check(GgufFile)"/>, and where it changes a matrix that is not among these.</summary>
    public void Check(GgufFile model, IEnumerable<string> matrices)
    {
        Check(model);
        if (Pairs.Select(pair => pair.Matrix).Except(matrices).FirstOrDefault() is { } unknown)
            throw Bad($"the adapter changes '{unknown}'", "matrices of layers that are stored by themselves", "Merge the adapter into the model's file.");
    }

    private LoraPair PairOf(TensorOutline a)
    {
        if (!a.Name.EndsWith(SuffixA, StringComparison.Ordinal)) throw Bad($"tensor '{a.Name}'", "pairs of ….weight.lora_a and ….weight.lora_b", Again);
        TensorOutline b = File.Find(a.Name[..^1] + "b") ?? throw Bad($"'{a.Name}' without its lora_b", "both of a pair", Again);
        RequireReadable(a);
        RequireReadable(b);
        if (b.RowLength != a.Rows) throw Bad($"'{b.Name}' has rows of {b.RowLength}", $"the rank {a.Rows} of '{a.Name}'", Again);
        return new(a.Name[..^SuffixA.Length], a, b);
    }

    private bool IsSecond(TensorOutline tensor) => tensor.Name.EndsWith(".lora_b", StringComparison.Ordinal) && File.Find(tensor.Name[..^1] + "a") is not null;
}
