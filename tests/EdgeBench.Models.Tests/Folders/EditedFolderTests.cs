using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Safetensors;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Folders;

/// <summary>Exported folders that were changed before they come back, and places that an export may not take.</summary>
public sealed class EditedFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EditedFolderTests()
    {
        TinyFolder.Write(_folder.File("source"), $$"""{"architectures":["GemmaForCausalLM"],{{TinyFolder.Common}}}""", TinyFolder.Decoder());
        using FolderImport import = FolderImport.Open(_folder.File("source"), new ImportOptions(Tokenizer: false));
        GgufWriter.Write(_folder.File("a.gguf"), import.Metadata, import.Tensors);
        using GgufFile file = GgufFile.Open(_folder.File("a.gguf"));
        new FolderExport(file, new ExportOptions()).Write(Exported, force: false);
    }

    private string Exported => _folder.File("exported");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_edited_config_is_refused_until_the_metadata_is_removed()
    {
        string config = Path.Combine(Exported, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"max_position_embeddings\": 64", "\"max_position_embeddings\": 128"));
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => FolderContent.Open(Exported, new ImportOptions()));
        Assert.Contains("'config.json' has changed", error.Message);
        Assert.Contains("remove metadata.gguf", error.Message);
        File.Delete(Path.Combine(Exported, "metadata.gguf"));
        using IFolderContent content = FolderContent.Open(Exported, new ImportOptions(Tokenizer: false));
        Assert.Equal(128u, content.Metadata.Single(entry => entry.Key == "gemma.context_length").Value.Raw);
    }

    [Fact]
    public void Weights_of_another_shape_are_refused()
    {
        Dictionary<string, long[]> shapes = TinyFolder.Decoder();
        shapes["model.embed_tokens.weight"] = [41, 16];
        Rewrite(shapes);
        Assert.Contains("'model.embed_tokens.weight' is F32 [41, 16]", Assert.Throws<EdgeBenchException>(() => FolderContent.Open(Exported, new ImportOptions())).Message);
        shapes = TinyFolder.Decoder(("self_attn.q_proj.bias", [32]));
        Rewrite(shapes);
        Assert.Contains("'model.layers.0.self_attn.q_proj.bias'", Assert.Throws<EdgeBenchException>(() => FolderContent.Open(Exported, new ImportOptions())).Message);
    }

    [Fact]
    public void Weights_that_were_trained_further_come_back_as_they_are_now()
    {
        string path = Path.Combine(Exported, "model.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        using (SafetensorsFile weights = SafetensorsFile.Open(path)) BitConverter.GetBytes(5f).CopyTo(bytes, weights.Find("model.norm.weight")!.Offset);
        File.WriteAllBytes(path, bytes);
        using IFolderContent content = FolderContent.Open(Exported, new ImportOptions());
        GgufWriter.Write(_folder.File("b.gguf"), content.Metadata, content.Tensors);
        Assert.NotEqual(content.ExpectedSha256, ContentHash.OfFile(_folder.File("b.gguf")));
        using GgufFile file = GgufFile.Open(_folder.File("b.gguf"));
        float[] norm = new float[16];
        file.Dequantise(file.Find("output_norm.weight")!, 0, norm);
        Assert.Equal(6, norm[0]);
    }

    // 1e-9 + 1 - 1 is 0 in float32: the sum alone cannot give such a norm back.
    [Fact]
    public void Norms_that_lose_bits_in_a_folder_are_carried_beside_it()
    {
        using GgufFile file = GgufFile.Open(_folder.File("a.gguf"));
        GgufWriter.Write(_folder.File("small.gguf"), file.Metadata, [.. file.Tensors.Select(tensor => new GgufTensorSource(tensor.Name, tensor.Type, tensor.Dimensions, stream =>
        {
            byte[] data = file.Data(tensor).ToArray();
            if (tensor.Name == "output_norm.weight") BitConverter.GetBytes(1e-9f).CopyTo(data, 4);
            stream.Write(data);
        }))]);
        using GgufFile small = GgufFile.Open(_folder.File("small.gguf"));
        new FolderExport(small, new ExportOptions()).Write(_folder.File("small"), force: false);
        using IFolderContent content = FolderContent.Open(_folder.File("small"), new ImportOptions());
        GgufWriter.Write(_folder.File("back.gguf"), content.Metadata, content.Tensors);
        Assert.Equal(File.ReadAllBytes(_folder.File("small.gguf")), File.ReadAllBytes(_folder.File("back.gguf")));
    }

    [Fact]
    public void An_existing_folder_is_replaced_by_force_only_and_only_a_models()
    {
        using GgufFile file = GgufFile.Open(_folder.File("a.gguf"));
        FolderExport export = new(file, new ExportOptions());
        Assert.Contains("--force", Assert.Throws<EdgeBenchException>(() => export.Write(Exported, force: false)).Message);
        File.WriteAllText(Path.Combine(Exported, "old"), "");
        export.Write(Exported, force: true);
        Assert.False(File.Exists(Path.Combine(Exported, "old")));
        Directory.CreateDirectory(_folder.File("precious"));
        File.WriteAllText(_folder.File("precious/photo.jpg"), "");
        Assert.Contains("not replaced even with --force", Assert.Throws<EdgeBenchException>(() => export.Write(_folder.File("precious"), force: true)).Message);
        Assert.True(File.Exists(_folder.File("precious/photo.jpg")));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder.Path), path => path.Contains(".partial"));
    }

    private void Rewrite(Dictionary<string, long[]> shapes)
    {
        TinyFolder.Write(_folder.File("other"), "{}", shapes);
        File.Copy(_folder.File("other/model.safetensors"), Path.Combine(Exported, "model.safetensors"), overwrite: true);
    }
}
