using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Safetensors;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Folders;

/// <summary>Models that others published: there and back, and their two forms against each other.</summary>
public sealed class PublishedFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("models/stories260k/stories260K-F16.gguf", false)]
    [InlineData("models/stories15m/stories15M-F16.gguf", false)]
    [InlineData("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf", true)]
    public void A_published_file_comes_back_byte_for_byte(string shared, bool keepBlocks)
    {
        string original = RepositoryFiles.Shared(shared);
        Export(original, new ExportOptions(KeepBlocks: keepBlocks));
        using IFolderContent content = FolderContent.Open(_folder.File("folder"), new ImportOptions());
        GgufWriter.Write(_folder.File("back.gguf"), content.Metadata, content.Tensors);
        Assert.Equal(ContentHash.OfFile(original), ContentHash.OfFile(_folder.File("back.gguf")));
        Assert.Equal(ContentHash.OfFile(original), content.ExpectedSha256);
    }

    [Fact]
    public void Shards_come_back_byte_for_byte_too()
    {
        string original = RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf");
        Export(original, new ExportOptions(ShardBytes: 100_000));
        Assert.True(File.Exists(_folder.File("folder/model.safetensors.index.json")));
        using IFolderContent content = FolderContent.Open(_folder.File("folder"), new ImportOptions());
        GgufWriter.Write(_folder.File("back.gguf"), content.Metadata, content.Tensors);
        Assert.Equal(ContentHash.OfFile(original), ContentHash.OfFile(_folder.File("back.gguf")));
    }

    [Fact]
    public void Dequantised_weights_say_so_and_hold_the_dequantised_values()
    {
        string original = RepositoryFiles.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        FolderExport export = Export(original, new ExportOptions());
        Assert.False(export.IsLossless);
        Assert.Contains(export.Notes, note => note.Contains("210 tensors of Q4_1 dequantised to F32"));
        using IFolderContent content = FolderContent.Open(_folder.File("folder"), new ImportOptions());
        Assert.Null(content.ExpectedSha256);
        Assert.Contains(content.Notes, note => note.Contains("Q4_1 (210 tensors)"));
        Assert.Equal(0u, content.Metadata.Single(entry => entry.Key == "general.file_type").Value.Raw);
        using GgufFile file = GgufFile.Open(original);
        using SafetensorsModel weights = SafetensorsModel.Open(_folder.File("folder"));
        StoredTensor stored = weights.Find("model.layers.7.mlp.down_proj.weight")!;
        float[] expected = new float[1536 * 8], found = new float[1536 * 8];
        file.Dequantise(file.Find("blk.7.ffn_down.weight")!, 0, expected);
        stored.File.Decode(stored.Tensor, 0, found);
        Assert.Equal(expected, found);
    }

    // The folder keeps norms as F16, the file as F32: they differ by that rounding and nothing else does.
    [Theory]
    [InlineData("stories260k/stories260K-F16.gguf")]
    [InlineData("stories15m/stories15M-F16.gguf")]
    public void A_published_folder_gives_the_tensors_of_the_published_file(string name)
    {
        using GgufFile file = GgufFile.Open(RepositoryFiles.Shared($"models/{name}"));
        using FolderImport import = FolderImport.Open(RepositoryFiles.Shared($"models/{Path.GetDirectoryName(name)}"), new ImportOptions(Tokenizer: false));
        Assert.Equal(file.Tensors.Select(tensor => tensor.Name).Order(), import.Tensors.Select(tensor => tensor.Name).Order());
        foreach (GgufTensorSource source in import.Tensors)
        {
            GgufTensor tensor = file.Find(source.Name)!;
            Assert.Equal((tensor.Type, string.Join(' ', tensor.Dimensions)), (source.Type, string.Join(' ', source.Dimensions)));
            using MemoryStream written = new();
            source.Write(written);
            if (tensor.Type == GgmlType.F16)
            {
                Assert.True(written.GetBuffer().AsSpan(0, (int)written.Length).SequenceEqual(file.Data(tensor)), source.Name);
                continue;
            }
            float[] published = new float[tensor.Elements], found = new float[tensor.Elements];
            file.Dequantise(tensor, 0, published);
            TensorCodec.Decode(GgmlType.F32, written.ToArray(), found);
            Assert.Equal(published.Select(value => (float)(Half)value), found);
        }
    }

    [Fact]
    public void A_published_SentencePiece_model_gives_the_vocabulary_of_the_published_file()
    {
        using GgufFile file = GgufFile.Open(RepositoryFiles.Shared("models/stories15m/stories15M-F16.gguf"));
        using FolderImport import = FolderImport.Open(RepositoryFiles.Shared("models/stories15m"), new ImportOptions());
        Dictionary<string, GgufValue> metadata = import.Metadata.ToDictionary(entry => entry.Key, entry => entry.Value);
        foreach (string key in new[] { "tokens", "scores", "token_type" }) Assert.Equal(file.Metadata[$"tokenizer.ggml.{key}"].AsArray()!.Elements, metadata[$"tokenizer.ggml.{key}"].AsArray()!.Elements);
        foreach (string key in new[] { "model", "bos_token_id", "eos_token_id", "unknown_token_id" }) Assert.Equal(file.Metadata[$"tokenizer.ggml.{key}"], metadata[$"tokenizer.ggml.{key}"]);
    }

    // Two files of one publisher: the words of vocab.txt are those of tokenizer.json.
    [Fact]
    public void A_published_encoder_is_imported_with_its_pooling_licence_and_words()
    {
        string folder = RepositoryFiles.Shared("models/all-minilm-l6-v2");
        using FolderImport import = FolderImport.Open(folder, new ImportOptions());
        Dictionary<string, GgufValue> metadata = import.Metadata.ToDictionary(entry => entry.Key, entry => entry.Value);
        Assert.Equal((1u, "apache-2.0", false), (metadata["bert.pooling_type"].Raw, metadata["general.license"].AsText(), metadata["bert.attention.causal"].AsBoolean()));
        Assert.Equal(["pooler.dense.bias is left out: only the encoder is kept", "pooler.dense.weight is left out: only the encoder is kept"], import.Notes);
        string[] tokens = metadata["tokenizer.ggml.tokens"].AsArray()!.AsTexts()!, words = File.ReadAllLines(Path.Combine(folder, "vocab.txt"));
        int[] types = (int[])metadata["tokenizer.ggml.token_type"].AsArray()!.Elements;
        Assert.Equal(words, tokens.Select((token, id) => types[id] == 3 ? token : token.StartsWith('\u2581') ? token[1..] : $"##{token}"));
        Assert.Equal([0, 100, 101, 102, 103], Enumerable.Range(0, types.Length).Where(id => types[id] == 3));

        string plain = _folder.File("plain");
        Directory.CreateDirectory(plain);
        foreach (string name in new[] { "config.json", "vocab.txt" }) File.Copy(Path.Combine(folder, name), Path.Combine(plain, name));
        File.CreateSymbolicLink(Path.Combine(plain, "model.safetensors"), Path.Combine(folder, "model.safetensors"));
        Assert.Contains("outside of the folder", Assert.Throws<EdgeBenchException>(() => FolderImport.Open(plain, new ImportOptions())).Message);
        File.Delete(Path.Combine(plain, "model.safetensors"));
        File.Copy(Path.Combine(folder, "model.safetensors"), Path.Combine(plain, "model.safetensors"));
        using FolderImport words2 = FolderImport.Open(plain, new ImportOptions());
        foreach (string key in new[] { "tokens", "token_type" })
            Assert.Equal(metadata[$"tokenizer.ggml.{key}"].AsArray()!.Elements, words2.Metadata.Single(entry => entry.Key == $"tokenizer.ggml.{key}").Value.AsArray()!.Elements);
        foreach (string key in new[] { "bos", "eos", "seperator", "padding", "unknown", "mask" })
            Assert.Equal(metadata[$"tokenizer.ggml.{key}_token_id"], words2.Metadata.Single(entry => entry.Key == $"tokenizer.ggml.{key}_token_id").Value);
    }

    [Fact]
    public void An_exported_tokenizer_is_imported_as_it_was()
    {
        string original = RepositoryFiles.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        Export(original, new ExportOptions(KeepBlocks: true));
        using GgufFile file = GgufFile.Open(original);
        using JsonDocument tokenizer = JsonDocument.Parse(File.ReadAllText(_folder.File("folder/tokenizer.json")));
        Assert.Equal("BPE", tokenizer.RootElement.GetProperty("model").GetProperty("type").GetString());
        string plain = _folder.File("plain");
        TinyFolder.Write(plain, $$"""{"architectures":["LlamaForCausalLM"],{{TinyFolder.Common.Replace("\"vocab_size\":40", "\"vocab_size\":49152")}}}""", WithVocabulary(49152));
        foreach (string name in new[] { "tokenizer.json", "tokenizer_config.json" }) File.Copy(_folder.File($"folder/{name}"), Path.Combine(plain, name));
        using FolderImport import = FolderImport.Open(plain, new ImportOptions());
        Dictionary<string, GgufValue> found = import.Metadata.ToDictionary(entry => entry.Key, entry => entry.Value);
        foreach ((string key, GgufValue value) in file.Metadata.Where(entry => entry.Key.StartsWith("tokenizer.", StringComparison.Ordinal)))
        {
            if (value.AsArray() is { } array) Assert.Equal(array.Elements, found[key].AsArray()!.Elements);
            else Assert.Equal(value, found[key]);
        }
    }

    [Fact]
    public void A_tokenizer_of_its_own_format_is_refused_and_weights_alone_are_taken()
    {
        string folder = RepositoryFiles.Shared("models/glassllm-en");
        string message = Assert.Throws<EdgeBenchException>(() => FolderImport.Open(folder, new ImportOptions())).Message;
        Assert.Contains("a tokenizer that cannot be reproduced", message);
        Assert.Contains("--no-tokenizer", message);
        using FolderImport import = FolderImport.Open(folder, new ImportOptions(Tokenizer: false));
        Assert.Equal(38, import.Tensors.Count);
    }

    private static Dictionary<string, long[]> WithVocabulary(int tokens)
    {
        Dictionary<string, long[]> shapes = TinyFolder.Decoder();
        shapes["model.embed_tokens.weight"] = [tokens, 16];
        return shapes;
    }

    private FolderExport Export(string path, ExportOptions options)
    {
        using GgufFile file = GgufFile.Open(path);
        FolderExport export = new(file, options);
        export.Write(_folder.File("folder"), force: false);
        return export;
    }
}
