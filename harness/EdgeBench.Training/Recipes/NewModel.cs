using System.Text.Json.Nodes;
using EdgeBench.Core.IO;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Safetensors;
using EdgeBench.Models.Tokenizers.Training;

namespace EdgeBench.Training.Recipes;

/// <summary>A model that began with random weights, on its way into a file: a Hugging Face folder, imported as any other.</summary>
internal static class NewModel
{
    /// <summary>Writes a GGUF file, whole or not at all.</summary>
    public static void Write(string path, TrainRecipe recipe, DecoderShape shape, TrainedTokenizer tokenizer, IReadOnlyList<Parameter> parameters)
    {
        string work = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{recipe.Name}.{Environment.ProcessId}.partial"), folder = Path.Combine(work, recipe.Name);
        Directory.CreateDirectory(folder);
        try
        {
            AtomicFile.WriteText(Path.Combine(folder, "config.json"), Config(recipe, shape, tokenizer).ToJsonString());
            tokenizer.Write(folder);
            SafetensorsSource[] tensors = [.. parameters.Select(parameter => new SafetensorsSource(parameter.Name, SafetensorsDtype.F32, [.. parameter.Shape.Select(side => (long)side)],
                stream => stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(parameter.ToArray().AsSpan()))))];
            SafetensorsWriter.WriteFolder(folder, tensors, new Dictionary<string, string> { ["format"] = "pt" }, long.MaxValue);
            using FolderImport import = FolderImport.Open(folder, new ImportOptions(recipe.Weights));
            GgufWriter.Write(path, import.Metadata, import.Tensors);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static JsonObject Config(TrainRecipe recipe, DecoderShape shape, TrainedTokenizer tokenizer) => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["model_type"] = "llama",
        ["vocab_size"] = shape.Vocabulary,
        ["hidden_size"] = shape.Width,
        ["intermediate_size"] = shape.Ffn,
        ["num_hidden_layers"] = shape.Layers,
        ["num_attention_heads"] = shape.Heads,
        ["num_key_value_heads"] = shape.KvHeads,
        ["head_dim"] = shape.HeadDim,
        ["max_position_embeddings"] = recipe.Model!.Context,
        ["rms_norm_eps"] = shape.NormEpsilon,
        ["rope_theta"] = shape.RopeBase,
        ["hidden_act"] = "silu",
        ["tie_word_embeddings"] = shape.Tied,
        ["eos_token_id"] = tokenizer.Tokenizer.Eos,
        ["torch_dtype"] = "float32",
    };
}
