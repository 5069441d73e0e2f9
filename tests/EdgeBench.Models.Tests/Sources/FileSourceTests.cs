using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources;
using EdgeBench.Models.Tests.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Sources;

public sealed class FileSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileSource _source = new();

    private SourceContext Context => new(_folder.Path, _folder.File("cache"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_is_found_relative_to_the_configuration_and_hashed()
    {
        string path = Small("sub/model.gguf");
        ModelSpec model = new() { Name = "m", Source = "file:sub/model.gguf" };
        CheckpointOutline outline = _source.Outline(model, Context);
        Assert.True(outline.Present);
        Assert.False(outline.RandomWeights);
        Assert.Equal(new FileInfo(path).Length, outline.FileBytes);
        Checkpoint checkpoint = await Resolve(model);
        Assert.Equal(new Checkpoint(path, "gguf", ContentHash.OfFile(path), new FileInfo(path).Length, false), checkpoint);
    }

    [Fact]
    public async Task A_remembered_hash_is_used_until_size_or_time_change()
    {
        string path = Small("model.gguf");
        ModelSpec model = new() { Name = "m", Source = "file:model.gguf" };
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        string first = (await Resolve(model)).Sha256;
        Assert.Single(Directory.GetFiles(_folder.File("cache/hashes")));

        byte[] changed = File.ReadAllBytes(path);
        changed[^40] ^= 1;
        File.WriteAllBytes(path, changed);
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(first, (await Resolve(model)).Sha256);

        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        string second = (await Resolve(model)).Sha256;
        Assert.NotEqual(first, second);
        Assert.Equal(ContentHash.OfFile(path), second);
    }

    [Fact]
    public async Task A_link_is_followed_and_its_targets_change_is_seen()
    {
        string path = Small("model.gguf");
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.CreateSymbolicLink(_folder.File("link.gguf"), "model.gguf");
        ModelSpec model = new() { Name = "m", Source = "file:link.gguf" };
        Assert.Equal(new FileInfo(path).Length, _source.Outline(model, Context).FileBytes);
        string identity = _source.Outline(model, Context).Identity, first = (await Resolve(model)).Sha256;
        byte[] changed = File.ReadAllBytes(path);
        changed[^40] ^= 1;
        File.WriteAllBytes(path, changed);
        Assert.NotEqual(first, (await Resolve(model)).Sha256);
        Assert.NotEqual(identity, _source.Outline(model, Context).Identity);
    }

    [Fact]
    public async Task A_file_that_just_changed_is_not_remembered()
    {
        string path = Small("model.gguf");
        ModelSpec model = new() { Name = "m", Source = "file:model.gguf" };
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        await Resolve(model);
        Assert.False(Directory.Exists(_folder.File("cache/hashes")));
    }

    [Fact]
    public async Task A_wrong_hash_is_refused_with_both()
    {
        string path = Small("model.gguf");
        string expected = new('0', 64);
        EdgeBenchException error = await Assert.ThrowsAsync<EdgeBenchException>(() => Resolve(new ModelSpec { Name = "m", Source = "file:model.gguf", Sha256 = expected }));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.Contains(expected, error.Message);
        Assert.Contains(ContentHash.OfFile(path), error.Message);
        await Resolve(new ModelSpec { Name = "m", Source = "file:model.gguf", Sha256 = ContentHash.OfFile(path).ToUpperInvariant() });
    }

    [Theory]
    [InlineData("file:none.gguf", "no such file")]
    [InlineData("file:", "the path of a GGUF file")]
    [InlineData("file:.", "no weights; expected model.safetensors")]
    public void A_file_that_is_not_there_is_refused_when_planning(string source, string expected)
    {
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => _source.Outline(new ModelSpec { Name = "m", Source = source }, Context));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.Contains(expected, error.Message);
    }

    [Theory]
    [InlineData("models/x.gguf", "write 'file:models/x.gguf'")]
    [InlineData("fil:x.gguf", "Did you mean 'file'?")]
    [InlineData("ollama:x", "file:, ")]
    public void A_source_that_does_not_exist_is_refused_with_those_that_do(string source, string expected)
    {
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => ModelSourceRegistry.For(new ModelSpec { Name = "tiny", Source = source }));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.Contains(expected, error.Message);
        Assert.Contains("models.tiny.source", error.Message);
    }

    [Fact]
    public void Schemes_are_unique() => Assert.Equal(ModelSourceRegistry.All.Count, ModelSourceRegistry.All.Select(source => source.Scheme).Distinct().Count());

    private Task<Checkpoint> Resolve(ModelSpec model) => _source.ResolveAsync(model, Context, TestContext.Current.CancellationToken);

    private string Small(string name)
    {
        GgufWriter.Write(_folder.File(name), SmallFile.Metadata, SmallFile.Tensors);
        return _folder.File(name);
    }
}
