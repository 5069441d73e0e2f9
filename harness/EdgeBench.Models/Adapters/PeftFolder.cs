using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Safetensors;

namespace EdgeBench.Models.Adapters;

/// <summary>
/// A folder of Hugging Face's PEFT: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>, of LoRA, prompt tuning and prefix tuning.
/// Source: huggingface/peft, <c>docs/source/developer_guides/checkpoint.md</c>; prefixes: <c>src/peft/peft_model.py</c>, <c>get_prompt</c>.
/// </summary>
public static class PeftFolder
{
    public const string Weights = "adapter_model.safetensors";

    private const string Prefix = "base_model.model.";

    /// <summary>Whether a folder holds an adapter.</summary>
    public static bool IsOne(string folder) => File.Exists(Path.Combine(folder, PeftConfig.Name));

    /// <summary>Reads a folder whole. Throws <see cref="EdgeBenchException"/> (bad input).</summary>
    /// <param name="model">For a prefix, whose layers and heads PEFT leaves to the model; others need none.</param>
    public static Adapter Read(string path, AdapterBase? model = null)
    {
        ModelFolder folder = new(path);
        string config = folder.Find(PeftConfig.Name) ?? throw EdgeBenchException.BadInput($"no {PeftConfig.Name}", "an adapter's folder as PEFT saves it", "Name the folder with the adapter.", path);
        string weights = folder.Find(Weights) ?? throw EdgeBenchException.BadInput($"no {Weights}", "an adapter's weights", "Save the adapter as safetensors; PyTorch's .bin files are not read.", path);
        (Adapter adapter, ConfigFile said) = PeftConfig.Read(config);
        using SafetensorsFile file = SafetensorsFile.Open(weights);
        adapter = adapter with { Tensors = [.. file.Tensors.Select(tensor => Read(file, tensor, adapter.Kind))] };
        if (adapter.Kind != AdapterKind.Lora) adapter = WithoutVirtual(adapter, said, model, weights);
        else if (adapter.Targets.Count == 0) adapter = adapter with { Targets = [.. adapter.Tensors.Select(tensor => LoraNames.Parse(tensor.Name)?.Linear).OfType<string>().Distinct()] };
        adapter.Check(weights);
        return adapter;
    }

    /// <summary>
    /// Writes a folder, whole or not at all. Throws <see cref="EdgeBenchException"/> (bad input) for a kind that PEFT has not, and where the folder exists and <paramref name="force"/> is not set.
    /// </summary>
    /// <param name="model">For a prefix; others need none.</param>
    public static void Write(string folder, Adapter adapter, AdapterBase? model = null, bool force = false)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        adapter.Check(folder);
        byte[] config = FolderJson.Bytes(PeftConfig.Write(adapter, model));
        IEnumerable<AdapterTensor> tensors = adapter.Kind switch
        {
            AdapterKind.Lora => adapter.Tensors.Select(tensor => tensor with { Name = Prefix + tensor.Name }),
            AdapterKind.Prefix => [PeftPrefix.Join(adapter, folder)],
            _ => adapter.Tensors,
        };
        SafetensorsSource[] sources = [.. tensors.Select(Source)];
        AtomicFolder.Write(folder, force, PeftConfig.Name, temporary =>
        {
            AtomicFile.Write(Path.Combine(temporary, PeftConfig.Name), stream => stream.Write(config));
            SafetensorsWriter.Write(Path.Combine(temporary, Weights), sources, new Dictionary<string, string> { ["format"] = "pt" });
        });
    }

    private static SafetensorsSource Source(AdapterTensor tensor)
    {
        byte[] bytes = tensor.Encoded();
        return new(tensor.Name, ExportedTensor.Dtype(tensor.Type), [.. tensor.Shape.Select(side => (long)side)], stream => stream.Write(bytes));
    }

    private static AdapterTensor Read(SafetensorsFile file, SafetensorsTensor tensor, AdapterKind kind)
    {
        if (kind == AdapterKind.Lora && !tensor.Name.StartsWith(Prefix, StringComparison.Ordinal))
            throw EdgeBenchException.BadInput($"tensor {FileErrors.Quoted(tensor.Name)}", $"names that start with {Prefix}", "Save the adapter with PEFT's save_pretrained.", file.Path);
        if (tensor.Shape.Count is 0 or > 2 || tensor.Elements == 0 || tensor.Elements > Array.MaxLength)
            throw EdgeBenchException.BadInput($"tensor {FileErrors.Quoted(tensor.Name)} has the shape {tensor.ShapeText}", "one or two lengths of at least 1, less than 2^31 elements", "Save the adapter again.", file.Path);
        float[] values = new float[tensor.Elements];
        file.Decode(tensor, 0, values);
        return new(kind == AdapterKind.Lora ? tensor.Name[Prefix.Length..] : tensor.Name, [.. tensor.Shape.Select(side => (int)side)], values)
        {
            Type = tensor.Dtype switch { SafetensorsDtype.F16 => GgmlType.F16, SafetensorsDtype.BF16 => GgmlType.BF16, _ => GgmlType.F32 },
        };
    }

    // The file's only tensor, checked against what the config says.
    private static Adapter WithoutVirtual(Adapter adapter, ConfigFile config, AdapterBase? model, string path)
    {
        if (adapter.Tensors is not [{ Name: Adapter.PromptEmbeddings, Shape.Count: 2 } embeddings])
            throw EdgeBenchException.BadInput($"tensors {string.Join(", ", adapter.Tensors.Take(4).Select(tensor => FileErrors.Quoted(tensor.Name)))}", $"'{Adapter.PromptEmbeddings}' alone, a matrix", "Save the adapter again.", path);
        if (config.OptionalInt("num_virtual_tokens") is { } tokens && tokens != embeddings.Shape[0]) throw config.Refused("num_virtual_tokens", $"{tokens}", $"{embeddings.Shape[0]}, as the weights have");
        if (config.OptionalInt("num_transformer_submodules") is > 1) throw config.Refused("num_transformer_submodules", "an encoder with a decoder", "1");
        if (adapter.Kind == AdapterKind.Prompt) return adapter;
        return PeftPrefix.Split(adapter, embeddings, model ?? throw EdgeBenchException.BadInput("a prefix without its model", "the base model, whose layers and heads it has", "Name the model with --base.", path), path);
    }
}
