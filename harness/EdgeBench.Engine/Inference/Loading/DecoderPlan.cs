using EdgeBench.Core.Problems;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Inference.Loading;

/// <summary>What of a GGUF file becomes which matrix: read from the header alone, so that what cannot run is refused before anything is loaded.</summary>
internal sealed class DecoderPlan
{
    private readonly GgufFile _file;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) that names an architecture, type, tensor or dimension that does not fit.</summary>
    public DecoderPlan(GgufFile file)
    {
        _file = file;
        Architecture = GgufArchitecture.Of(file);
        if (Architecture.IsEncoder)
        {
            throw EdgeBenchException.BadInput($"'{Architecture.Name}' is an encoder", "a causal decoder: " + string.Join(", ", GgufArchitecture.Supported.Except(["bert"])), null, file.Path);
        }
        CheckTypes();
        Embedding = Find("token_embd.weight");
        Check(Embedding, Architecture.Vocabulary, Architecture.Width);
        Layers = [.. Enumerable.Range(0, Architecture.Layers).Select(Layer)];
        Head = Plan(file.Find("output.weight") is null ? "token_embd" : "output", Architecture.Vocabulary, Architecture.Width, bias: "output");
    }

    public ModelArchitecture Architecture { get; }

    /// <summary>Tensor types that can be run.</summary>
    public static IReadOnlyList<GgmlType> Types { get; } = [.. TensorCodec.Decodable];

    public GgufTensor Embedding { get; }

    /// <summary>Of each layer: query, key, value, output, gate, up, down.</summary>
    public IReadOnlyList<LinearPlan[]> Layers { get; }

    public LinearPlan Head { get; }

    public IEnumerable<LinearPlan> Matrices => Layers.SelectMany(layer => layer).Append(Head);

    /// <summary>Packed.</summary>
    public long Bytes => Matrices.Sum(plan => plan.Bytes);

    /// <summary>Types in memory with the number of matrices, such as <c>Q4_K 180, Q6_K 31, F16 of IQ4_NL 2</c>.</summary>
    public string Formats => string.Join(", ", Matrices.GroupBy(plan => plan.IsStored ? plan.Format : $"{plan.Format} of {plan.Tensor.Type.Info().Name}")
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key} {group.Count()}"));

    private LinearPlan[] Layer(int layer)
    {
        ModelArchitecture a = Architecture;
        string at = $"blk.{layer}.";
        int query = a.Heads * a.HeadDim, key = a.KvHeads * a.HeadDim;
        HeadOrder order = HeadOrder.Of(a);
        LinearPlan output = Plan(at + "attn_output", a.Width, query), down = Plan(at + "ffn_down", a.Width, a.Ffn);
        if (!a.FusedProjections)
        {
            return [Plan(at + "attn_q", query, a.Width, order: order), Plan(at + "attn_k", key, a.Width, order: order), Plan(at + "attn_v", key, a.Width), output,
                Plan(at + "ffn_gate", a.Ffn, a.Width), Plan(at + "ffn_up", a.Ffn, a.Width), down];
        }
        LinearPlan qkv = Plan(at + "attn_qkv", query + (2 * key), a.Width), wide = Plan(at + "ffn_up", 2 * a.Ffn, a.Width);
        return [Part(qkv, "q", 0, query, order), Part(qkv, "k", query, key, order), Part(qkv, "v", query + key, key, HeadOrder.AsStored), output,
            Part(wide, "gate", 0, a.Ffn, HeadOrder.AsStored), Part(wide, "up", a.Ffn, a.Ffn, HeadOrder.AsStored), down];
    }

    private LinearPlan Plan(string name, int rows, int columns, string? bias = null, HeadOrder? order = null)
    {
        GgufTensor tensor = Find(name + ".weight");
        Check(tensor, rows, columns);
        HeadOrder used = order ?? HeadOrder.AsStored;
        return new(name, tensor, 0, rows, used, Vector($"{bias ?? name}.bias", rows) is { } values ? used.Apply(values) : null);
    }

    private static LinearPlan Part(LinearPlan whole, string part, int firstRow, int rows, HeadOrder order) =>
        whole with { Name = $"{whole.Name}[{part}]", FirstRow = firstRow, Rows = rows, Order = order, Bias = whole.Bias is null ? null : order.Apply(whole.Bias[firstRow..(firstRow + rows)]) };

    private float[]? Vector(string name, int length)
    {
        if (_file.Find(name) is not { } tensor) return null;
        Check(tensor, 1, length);
        float[] values = new float[length];
        _file.Dequantise(tensor, 0, values);
        return values;
    }

    private void CheckTypes()
    {
        GgufTensor[] unknown = [.. _file.Tensors.Where(tensor => !TensorCodec.CanDecode(tensor.Type) && tensor.Elements > 0)];
        if (unknown.Length == 0) return;
        throw EdgeBenchException.BadInput(
            $"tensor type {string.Join(", ", unknown.Select(tensor => tensor.Type.Info().Name).Distinct())} ('{unknown[0].Name}'{(unknown.Length > 1 ? $" and {unknown.Length - 1} more" : "")})",
            $"one of {string.Join(", ", Types.Select(type => type.Info().Name))}", "Use a file of one of these types, such as the model's Q4_K or Q8_0 file.", _file.Path);
    }

    private GgufTensor Find(string name) => _file.Find(name)
        ?? throw EdgeBenchException.BadInput($"no tensor '{name}'", $"the tensors of {Architecture.Name}", "Fetch or convert the file again.", _file.Path);

    private void Check(GgufTensor tensor, int rows, int columns)
    {
        if (tensor.RowLength == columns && tensor.Rows == rows) return;
        throw EdgeBenchException.BadInput($"tensor '{tensor.Name}' has {tensor.Rows} rows of {tensor.RowLength}", $"{rows} rows of {columns}, by the model's dimensions",
            "Fetch or convert the file again.", _file.Path);
    }
}
