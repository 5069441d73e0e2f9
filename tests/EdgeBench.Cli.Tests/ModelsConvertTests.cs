using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Sources.Synthetic;
using EdgeBench.Testing;

namespace EdgeBench.Cli.Tests;

/// <summary><c>models inspect</c> and <c>models convert</c> as a user types them.</summary>
public class ModelsConvertTests
{
    [Fact]
    public async Task A_file_goes_to_a_folder_and_back_with_the_same_bytes()
    {
        string original = RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf");
        using CommandLine line = new();
        CommandResult exported = await line.RunAsync("models", "convert", original, "-o", "folder");
        Assert.True(exported.ExitCode == 0, exported.Error);
        foreach (string name in new[] { "config.json", "model.safetensors", "tokenizer.model", "tokenizer_config.json", "metadata.gguf" })
        {
            Assert.True(File.Exists(line[$"folder/{name}"]), name);
            Assert.Contains(name, exported.Output);
        }
        CommandResult back = await line.RunAsync("models", "convert", "folder", "-o", "back.gguf");
        Assert.True(back.ExitCode == 0, back.Error);
        Assert.Contains("byte-identical", back.Output);
        Assert.Equal(ContentHash.OfFile(original), ContentHash.OfFile(line["back.gguf"]));

        CommandResult again = await line.RunAsync("models", "convert", "folder", "-o", "back.gguf");
        AssertRefused(again, "back.gguf", "--force");
        Assert.Equal(0, (await line.RunAsync("models", "convert", "folder", "-o", "back.gguf", "--force")).ExitCode);
        AssertRefused(await line.RunAsync("models", "convert", original, "-o", "folder"), "folder", "--force");
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(line.Folder), path => path.Contains(".partial"));
    }

    [Fact]
    public async Task Inspecting_a_folder_and_its_file_says_the_same_of_both()
    {
        string folder = RepositoryFiles.Shared("models/stories260k");
        using CommandLine line = new();
        CommandResult file = await line.RunAsync("models", "inspect", Path.Combine(folder, "stories260K-F16.gguf"), "--format", "json");
        using JsonDocument facts = JsonDocument.Parse(file.Output);
        JsonElement description = facts.RootElement.GetProperty("description");
        Assert.Equal((5, 64, 8, 4, 172), (description.GetProperty("layers").GetInt32(), description.GetProperty("width").GetInt32(), description.GetProperty("heads").GetInt32(),
            description.GetProperty("kv_heads").GetInt32(), description.GetProperty("ffn").GetInt32()));
        Assert.Equal(512, facts.RootElement.GetProperty("tokenizer").GetProperty("vocabulary").GetInt32());
        Assert.Equal(47, facts.RootElement.GetProperty("tensors").GetArrayLength());

        CommandResult table = await line.RunAsync("models", "inspect", Path.Combine(folder, "stories260K-F16.gguf"));
        foreach (string word in new[] { "5 layers", "Interleaved", "epsilon 1E-05", "the token embedding", "bos 1 <s>", "chat template: no", "not said", "F16" }) Assert.Contains(word, table.Output);
        Assert.DoesNotContain("blk.0.attn_q.weight", table.Output);
        Assert.Contains("blk.0.attn_q.weight", (await line.RunAsync("models", "inspect", Path.Combine(folder, "stories260K-F16.gguf"), "--tensors")).Output);
    }

    [Fact]
    public async Task An_encoders_folder_is_inspected_with_licence_and_notes()
    {
        string folder = RepositoryFiles.Shared("models/all-minilm-l6-v2");
        using CommandLine line = new();
        CommandResult inspected = await line.RunAsync("models", "inspect", folder);
        foreach (string word in new[] { "Hugging Face folder", "bert", "6 layers", "positions are learned", "layer norm", "apache-2.0", "30522 tokens", "[CLS]", "pooler.dense.weight is left out" }) Assert.Contains(word, inspected.Output);
        Assert.False(Directory.Exists(Path.Combine(line.Cache, "checkpoints")), "inspecting a folder wrote to the cache");
    }

    [Fact]
    public async Task A_tokenizer_that_cannot_be_reproduced_is_refused_and_can_be_left_out()
    {
        string folder = RepositoryFiles.Shared("models/glassllm-en");
        using CommandLine line = new();
        AssertRefused(await line.RunAsync("models", "convert", folder, "-o", "glass.gguf"), "tokenizer that cannot be reproduced", "--no-tokenizer");
        Assert.False(File.Exists(line["glass.gguf"]));
        CommandResult converted = await line.RunAsync("models", "convert", folder, "-o", "glass.gguf", "--no-tokenizer", "--type", "f32");
        Assert.True(converted.ExitCode == 0, converted.Error);
        Assert.Contains("the tokenizer is left out", converted.Output);
        Assert.Contains("F32       38 tensors", converted.Output);
    }

    [Fact]
    public async Task A_folder_is_a_source_that_is_imported_once()
    {
        string folder = RepositoryFiles.Shared("models/stories15m");
        using CommandLine line = new();
        CommandResult first = await line.RunAsync("models", "pull", $"file:{folder}");
        Assert.True(first.ExitCode == 0, first.Error);
        string imported = Assert.Single(Directory.GetFiles(Path.Combine(line.Cache, "checkpoints"), "imported-*.gguf"));
        DateTime written = File.GetLastWriteTimeUtc(imported);
        Assert.Equal(first.Output, (await line.RunAsync("models", "pull", folder)).Output);
        Assert.Equal(written, File.GetLastWriteTimeUtc(imported));
    }

    [Theory]
    [InlineData("models", "inspect", "absent")]
    [InlineData("models", "inspect", "empty")]
    [InlineData("models", "convert", "empty", "-o", "x.gguf")]
    [InlineData("models", "convert", "text.gguf", "-o", "folder")]
    [InlineData("models", "convert", "text.gguf", "-o", "x.gguf")]
    [InlineData("models", "convert", "empty", "-o", "folder2")]
    [InlineData("models", "convert", "empty", "-o", "x.gguf", "--keep-blocks")]
    [InlineData("models", "convert", "text.gguf", "-o", "folder", "--no-tokenizer")]
    [InlineData("models", "convert", "text.gguf", "-o", "folder", "--type", "q4_0")]
    public async Task What_is_no_model_is_refused_and_leaves_nothing(params string[] arguments)
    {
        using CommandLine line = new();
        Directory.CreateDirectory(line["empty"]);
        line.Write("text.gguf", "no model");
        CommandResult result = await line.RunAsync(arguments);
        AssertRefused(result);
        Assert.Equal(["empty", "text.gguf"], Directory.EnumerateFileSystemEntries(line.Folder).Select(Path.GetFileName).Where(name => name != "cache").Order());
    }

    [Fact]
    public async Task Adapters_go_to_gguf_and_back_to_peft()
    {
        using CommandLine line = new();
        new RandomCheckpoint(new TransformerShape { Architecture = "llama", Layers = 2, Width = 64, Heads = 2, KvHeads = 1, Ffn = 96, Vocabulary = 288 }, 1).Write(line["base.gguf"], 1, cancellation: TestContext.Current.CancellationToken);
        AdapterBase model = AdapterBase.Open(line["base.gguf"]);
        foreach (AdapterKind kind in new[] { AdapterKind.Lora, AdapterKind.Prompt, AdapterKind.Prefix })
        {
            PeftFolder.Write(line["peft"], SampleAdapters.Of(kind, model), model, force: true);
            CommandResult written = await line.RunAsync("models", "convert", "peft", "-o", "a.gguf", "--base", "base.gguf", "--force");
            Assert.True(written.ExitCode == 0, written.Error);
            Assert.Contains($"{kind.ToString().ToLowerInvariant()} adapter of llama 2x64", written.Output);
            CommandResult back = await line.RunAsync("models", "convert", "a.gguf", "-o", "back", "--base", "base.gguf", "--force");
            Assert.True(back.ExitCode == 0, back.Error);
            foreach (string name in new[] { "adapter_config.json", PeftFolder.Weights }) Assert.Equal(File.ReadAllBytes(line[$"peft/{name}"]), File.ReadAllBytes(line[$"back/{name}"]));
        }

        AssertRefused(await line.RunAsync("models", "convert", "peft", "-o", "a.gguf", "--base", "base.gguf"), "exists", "--force");
        AssertRefused(await line.RunAsync("models", "convert", "peft", "-o", "b.gguf"), "--base");
        AssertRefused(await line.RunAsync("models", "convert", "peft", "-o", "other", "--base", "base.gguf"), "it is that already");
        AssertRefused(await line.RunAsync("models", "convert", "a.gguf", "-o", "b.gguf", "--base", "base.gguf"), "it is that already");
        AssertRefused(await line.RunAsync("models", "convert", "a.gguf", "-o", "other", "--base", "base.gguf", "--keep-blocks"), "--keep-blocks with an adapter");
        AssertRefused(await line.RunAsync("models", "convert", "base.gguf", "-o", "other", "--base", "base.gguf"), "which is no adapter");
        Assert.False(Path.Exists(line["other"]) || Path.Exists(line["b.gguf"]));
        CommandResult half = await line.RunAsync("models", "convert", "a.gguf", "-o", "half", "--base", "base.gguf", "--type", "f16");
        Assert.True(half.ExitCode == 0, half.Error);
        Assert.True(new FileInfo(line[$"half/{PeftFolder.Weights}"]).Length < new FileInfo(line[$"back/{PeftFolder.Weights}"]).Length);
    }

    private static void AssertRefused(CommandResult result, params string[] words)
    {
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}\n{result.Output}\n{result.Error}");
        Assert.NotEqual("", result.Error);
        Assert.DoesNotContain("   at EdgeBench", result.Error);
        foreach (string word in words) Assert.Contains(word, result.Error);
    }
}
