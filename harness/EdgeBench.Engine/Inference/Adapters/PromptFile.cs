using EdgeBench.Models.Adapters;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Inference.Adapters;

/// <summary>A soft prompt: embeddings that run before those of each text.</summary>
public sealed class PromptFile : RunAdapter
{
    private readonly float[] _rows;

    internal PromptFile(PromptHeader header, GgufFile file) => (Description, _rows) = (header, Values(file, PromptHeader.TensorName));

    public override AdapterHeader Description { get; }

    internal int Tokens => Description.VirtualTokens;

    /// <summary>A token's embedding, in the units of the embedding table.</summary>
    internal ReadOnlySpan<float> Row(int token) => _rows.AsSpan(token * (_rows.Length / Tokens), _rows.Length / Tokens);
}
