using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Adapters;

/// <summary>A soft prompt: <c>prompt_embd.weight</c> [tokens, width].</summary>
public sealed class PromptHeader : AdapterHeader
{
    public const string TensorName = "prompt_embd.weight";

    internal PromptHeader(GgufOutline file)
        : base(file)
    {
        RequireVersion();
        if (file.Tensors is not [{ Name: TensorName }]) throw Bad($"tensor '{file.Tensors.First(tensor => tensor.Name != TensorName || file.Tensors.Count > 1).Name}'", $"'{TensorName}' alone", Again);
    }

    public override AdapterKind Kind => AdapterKind.Prompt;

    public override int VirtualTokens => (int)File.Tensors[0].Rows;

    private protected override void CheckTensors(GgufOutline model)
    {
        long width = model.Find("token_embd.weight")?.RowLength ?? 0;
        if (File.Tensors[0].RowLength != width) throw Bad($"'{TensorName}' has rows of {File.Tensors[0].RowLength}", $"{width}, the width of the model", OtherBase);
    }
}
