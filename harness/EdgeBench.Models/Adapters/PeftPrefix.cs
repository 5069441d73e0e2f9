using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Adapters;

/// <summary>
/// PEFT's one matrix of a prefix, [tokens, layers · 2 · key/value heads · elements of a head]: of each token, the key and then the value of each layer in turn. PEFT makes of it
/// <c>view(batch, tokens, layers * 2, heads, head_dim).permute([2, 0, 3, 1, 4]).split(2)</c>. Source: huggingface/peft, <c>src/peft/peft_model.py</c>, <c>get_prompt</c>.
/// </summary>
internal static class PeftPrefix
{
    /// <summary>Keys and values of each layer. Throws <see cref="EdgeBenchException"/> (bad input) where the matrix is of another model.</summary>
    public static Adapter Split(Adapter adapter, AdapterTensor matrix, AdapterBase model, string path)
    {
        int layers = model.Architecture.Layers, width = model.Architecture.KvHeads * model.Architecture.HeadDim, tokens = matrix.Shape[0];
        if (matrix.Shape[1] != 2L * layers * width)
            throw EdgeBenchException.BadInput($"'{matrix.Name}' has rows of {matrix.Shape[1]}", $"{2L * layers * width}: {layers} layers, 2, {model.Architecture.KvHeads} heads of {model.Architecture.HeadDim}", AdapterHeader.OtherBase, path);
        return adapter with
        {
            Tensors = [.. Enumerable.Range(0, 2 * layers).Select(part =>
            {
                float[] values = new float[tokens * width];
                for (int token = 0; token < tokens; token++) matrix.Values.AsSpan((token * matrix.Shape[1]) + (part * width), width).CopyTo(values.AsSpan(token * width));
                return new AdapterTensor(NameOf(part), [tokens, width], values) { Type = matrix.Type };
            })],
        };
    }

    /// <summary>The matrix again. Throws likewise where a layer lacks its keys or values.</summary>
    public static AdapterTensor Join(Adapter adapter, string path)
    {
        AdapterTensor first = adapter.Tensors[0];
        (int parts, int tokens, int width) = (adapter.Tensors.Count, first.Shape[0], first.Shape[^1]);
        float[] values = new float[checked(parts * tokens * width)];
        for (int part = 0; part < parts; part++)
        {
            AdapterTensor tensor = adapter.Find(NameOf(part)) ?? throw EdgeBenchException.BadInput($"a prefix without '{NameOf(part)}'", "keys and values of every layer", null, path);
            if (!tensor.Shape.SequenceEqual([tokens, width])) throw EdgeBenchException.BadInput($"'{tensor.Name}' has the shape {tensor.ShapeText}", $"[{tokens}, {width}], as '{first.Name}' has", null, path);
            for (int token = 0; token < tokens; token++) tensor.Values.AsSpan(token * width, width).CopyTo(values.AsSpan(((token * parts) + part) * width));
        }
        return new(Adapter.PromptEmbeddings, [tokens, parts * width], values) { Type = first.Type };
    }

    private static string NameOf(int part) => $"model.layers.{part / 2}.self_attn.prefix_{(part % 2 == 0 ? 'k' : 'v')}";
}
