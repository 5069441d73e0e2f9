using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;

namespace EdgeBench.Models.Folders;

/// <summary>How a sentence encoder's outputs become one vector: <c>1_Pooling/config.json</c> of sentence-transformers.</summary>
internal static class PoolingFile
{
    private const string Name = "1_Pooling/config.json";

    // llama.cpp, enum llama_pooling_type.
    private const uint Mean = 1;
    private const uint FirstToken = 2;
    private const uint LastToken = 3;

    /// <summary>llama.cpp's number, or null where the folder has no such file. Throws <see cref="EdgeBenchException"/> (bad input) for another kind.</summary>
    public static uint? Read(ModelFolder folder)
    {
        if (folder.Find(Name) is not { } path) return null;
        using JsonDocument document = BoundedJson.Read(path, 1 << 16);
        ConfigFile config = ConfigFile.Of(document, path);
        string? mode = config.OptionalText("pooling_mode");
        if (config.OptionalBool("pooling_mode_mean_tokens") == true || mode == "mean") return Mean;
        if (config.OptionalBool("pooling_mode_cls_token") == true || mode == "cls") return FirstToken;
        if (config.OptionalBool("pooling_mode_lasttoken") == true || mode == "lasttoken") return LastToken;
        throw EdgeBenchException.BadInput("a kind of pooling that GGUF cannot say", "mean, cls or lasttoken", "Remove the file to leave pooling out.", path);
    }
}
