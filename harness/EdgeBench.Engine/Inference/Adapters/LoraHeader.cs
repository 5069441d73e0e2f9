using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Inference.Adapters;

/// <summary>
/// What a LoRA adapter is, read from its header alone, in the form that llama.cpp's <c>convert_lora_to_gguf.py</c> writes: <c>X.lora_a</c> [rank, inputs] and
/// <c>X.lora_b</c> [outputs, rank] for matrices X, and <c>adapter.lora.alpha</c>; X x becomes X x + alpha / rank · B (A x). Source: E. Hu et al., "LoRA", 2021.
/// </summary>
public sealed class LoraHeader
{
    private const string SuffixA = ".lora_a", SuffixB = ".lora_b";

    private readonly string _path;

    private LoraHeader(GgufFile file)
    {
        _path = file.Path;
        if (Text(file, "general.type") != "adapter" || Text(file, "adapter.type") != "lora")
            throw Bad("the file is no LoRA adapter", "'general.type' adapter and 'adapter.type' lora", "Convert it with convert_lora_to_gguf.py.");
        // llama.cpp's server switches these on by the text; applied from the first token on they would be another adapter.
        if (file.Metadata.ContainsKey("adapter.alora.invocation_tokens"))
            throw Bad("an activated adapter (aLoRA), which waits for its words", "an adapter that holds for every token", "Use a plain LoRA adapter.");
        (Architecture, Alpha) = (file.Architecture, file.Metadata.GetValueOrDefault("adapter.lora.alpha")?.AsNumber() ?? 0);
        if (!double.IsFinite(Alpha)) throw Bad($"'adapter.lora.alpha' is {Alpha}", "a finite number", "Convert the adapter again.");
        Pairs = [.. file.Tensors.Where(tensor => !IsSecond(file, tensor)).Select(tensor => PairOf(file, tensor))];
        if (Pairs.Count == 0) throw Bad("an adapter without tensors", "pairs of …lora_a and …lora_b", "Convert the adapter again.");
    }

    /// <summary>GGUF's name of the base model's architecture.</summary>
    public string Architecture { get; }

    /// <summary>0 leaves the pairs as they are stored, as llama.cpp does.</summary>
    public double Alpha { get; }

    public IReadOnlyList<LoraPair> Pairs { get; }

    /// <summary>Elements of all pairs: what was trained.</summary>
    public long Parameters => Pairs.Sum(pair => pair.A.Elements + pair.B.Elements);

    /// <summary>Bytes of all pairs as they are stored.</summary>
    public long Bytes => Pairs.Sum(pair => pair.A.Bytes + pair.B.Bytes);

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for what is no such adapter.</summary>
    public static LoraHeader Of(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new(file);
    }

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) where it is another model's: of another architecture, for matrices that are not there, or of other shapes.</summary>
    public void Check(GgufFile model)
    {
        ArgumentNullException.ThrowIfNull(model);
        const string Remedy = "Use the adapter's own base model.";
        if (Architecture != model.Architecture) throw Bad($"an adapter of '{Architecture}'", $"one of '{model.Architecture}'", Remedy);
        foreach (LoraPair pair in Pairs)
        {
            GgufTensor matrix = model.Find(pair.Matrix + ".weight") ?? throw Bad($"the adapter changes '{pair.Matrix}'", "matrices that the model has", Remedy);
            if (matrix.RowLength != pair.A.RowLength || matrix.Rows != pair.B.Rows)
                throw Bad($"'{pair.Matrix}' is adapted from {pair.A.RowLength} to {pair.B.Rows} elements", $"{matrix.RowLength} to {matrix.Rows}, as the model has", Remedy);
        }
    }

    /// <summary>Throws as <see cref="Check(GgufFile)"/>, and where it changes a matrix that is not among these.</summary>
    internal void Check(GgufFile model, IEnumerable<string> matrices)
    {
        Check(model);
        if (Pairs.Select(pair => pair.Matrix).Except(matrices).FirstOrDefault() is { } unknown)
            throw Bad($"the adapter changes '{unknown}'", "matrices of layers that are stored by themselves", "Merge the adapter into the model's file.");
    }

    private LoraPair PairOf(GgufFile file, GgufTensor a)
    {
        if (!a.Name.EndsWith(".weight" + SuffixA, StringComparison.Ordinal)) throw Bad($"tensor '{a.Name}'", "pairs of ….weight.lora_a and ….weight.lora_b", "Convert the adapter again.");
        GgufTensor b = file.Find(a.Name[..^1] + "b") ?? throw Bad($"'{a.Name}' without its lora_b", "both of a pair", "Convert the adapter again.");
        foreach (GgufTensor tensor in new[] { a, b })
        {
            if (!TensorCodec.CanDecode(tensor.Type)) throw Bad($"'{tensor.Name}' of type {tensor.Type.Info().Name}", "a type that can be read, such as F16", "Convert the adapter again.");
            if (tensor.Dimensions.Count > 2 || tensor.Elements > int.MaxValue) throw Bad($"'{tensor.Name}' of {string.Join(" x ", tensor.Dimensions)} elements", "a matrix of less than 2^31", "Convert the adapter again.");
        }
        if (b.RowLength != a.Rows) throw Bad($"'{b.Name}' has rows of {b.RowLength}", $"the rank {a.Rows} of '{a.Name}'", "Convert the adapter again.");
        return new(a.Name[..^(".weight" + SuffixA).Length], a, b);
    }

    private static bool IsSecond(GgufFile file, GgufTensor tensor) => tensor.Name.EndsWith(SuffixB, StringComparison.Ordinal) && file.Find(tensor.Name[..^1] + "a") is not null;

    private static string? Text(GgufFile file, string key) => file.Metadata.GetValueOrDefault(key)?.AsText();

    private EdgeBenchException Bad(string offender, string expected, string remedy) => EdgeBenchException.BadInput(offender, expected, remedy, _path);
}
