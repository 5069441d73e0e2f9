using EdgeBench.Models.Files;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Folders.Tokenizers;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Tests.Tokenizers;

/// <summary>What the import of a folder makes of its tokenizer.</summary>
internal static class Imported
{
    public static IReadOnlyList<KeyValuePair<string, GgufValue>> Metadata(string folder, int vocabulary)
    {
        string config = Path.Combine(folder, ConfigFile.Name);
        File.WriteAllText(config, $$"""{"architectures":["LlamaForCausalLM"],"vocab_size":{{vocabulary}}}""");
        return TokenizerImport.Metadata(new ModelFolder(folder), ConfigFile.Read(config), "llama");
    }
}
