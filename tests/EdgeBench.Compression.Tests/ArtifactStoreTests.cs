using System.Collections.Concurrent;
using EdgeBench.Compression.Artifacts;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources;
using EdgeBench.Testing;

namespace EdgeBench.Compression.Tests;

public sealed class ArtifactStoreTests : IDisposable
{
    private static readonly RecipeSpec s_four = TinyModel.Recipe(("ptq", """{"weights":"q4_0"}"""));

    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _checkpoint;
    private readonly Steps _steps = new();

    public ArtifactStoreTests() => _checkpoint = TinyModel.Checkpoint(TinyModel.Write(_folder.File("in.gguf"), ffn: 96));

    private string Root => _folder.File("artifacts");

    private ArtifactStore Store => new(Root);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_empty_recipe_is_the_checkpoint_itself()
    {
        ArtifactDescription artifact = Build(TinyModel.Recipe());
        Assert.Equal((_checkpoint.Path, _checkpoint.Sha256), (artifact.Path, artifact.Sha256));
        Assert.Empty(artifact.Readback);
        Assert.Equal("llama 2L d64", artifact.Architecture);
        Assert.False(Directory.Exists(Root));
    }

    [Fact]
    public void A_built_artifact_describes_its_file_and_is_found_again()
    {
        ArtifactDescription built = Build(s_four);
        Assert.Equal(Path.Combine(Root, built.Id, "model.gguf"), built.Path);
        Assert.Equal(ContentHash.OfFile(built.Path), built.Sha256);
        Assert.Equal(new FileInfo(built.Path).Length, built.FileBytes);
        using (GgufFile file = GgufFile.Open(built.Path))
        {
            Assert.Equal(file.Tensors.Sum(t => t.Bytes), built.WeightBytes);
            Assert.Equal(file.Tensors.Sum(t => t.Elements), built.Parameters);
        }
        Assert.Equal(Applied.Fully, Assert.Single(built.Readback).Applied);
        Assert.Equal(["artifact.json", "model.gguf"], Directory.GetFiles(Path.GetDirectoryName(built.Path)!).Select(Path.GetFileName).Order());
        Assert.NotEmpty(_steps);

        _steps.Clear();
        ArtifactDescription again = Build(s_four);
        Assert.Empty(_steps);
        Assert.Equal(EdgeBenchJson.Serialize(built), EdgeBenchJson.Serialize(again));
    }

    [Fact]
    public void Random_weights_stay_marked()
    {
        Checkpoint random = _checkpoint with { RandomWeights = true };
        Assert.True(Store.Build(new(random, s_four), null, TestContext.Current.CancellationToken).RandomWeights);
        Assert.True(Store.Build(new(random, s_four), null, TestContext.Current.CancellationToken).RandomWeights);
        Assert.True(Store.Build(new(random, TinyModel.Recipe()), null, TestContext.Current.CancellationToken).RandomWeights);
    }

    [Theory]
    [InlineData("shorter")]
    [InlineData("start")]
    [InlineData("middle")]
    [InlineData("record")]
    [InlineData("no record")]
    [InlineData("no model")]
    public void A_broken_artifact_is_built_again(string damage)
    {
        ArtifactDescription built = Build(s_four);
        string record = Path.Combine(Path.GetDirectoryName(built.Path)!, "artifact.json");
        byte[] bytes = File.ReadAllBytes(built.Path);
        switch (damage)
        {
            case "shorter": File.WriteAllBytes(built.Path, bytes[..^1]); break;
            case "start": Flip(0); break;
            case "middle": Flip(bytes.Length / 2); break;
            case "record": File.WriteAllText(record, "{ \"artifact\": 3 }"); break;
            case "no record": File.Delete(record); break;
            case "no model": File.Delete(built.Path); break;
        }
        _steps.Clear();
        ArtifactDescription again = Build(s_four);
        Assert.NotEmpty(_steps);
        Assert.Equal(built.Sha256, again.Sha256);
        Assert.Equal(built.Sha256, ContentHash.OfFile(again.Path));
        Assert.Empty(Directory.GetDirectories(Path.Combine(Root, ".partial")));

        void Flip(int at)
        {
            bytes[at] ^= 1;
            File.WriteAllBytes(built.Path, bytes);
        }
    }

    [Fact]
    public void Damage_far_behind_the_start_is_found_by_the_files_time()
    {
        Checkpoint large = TinyModel.Checkpoint(TinyModel.Write(_folder.File("large.gguf"), ffn: 1 << 14));
        ArtifactDescription built = Store.Build(new(large, s_four), null, TestContext.Current.CancellationToken);
        Assert.True(built.FileBytes > 2 << 20);
        byte[] bytes = File.ReadAllBytes(built.Path);
        bytes[^1000] ^= 1;
        File.WriteAllBytes(built.Path, bytes);
        Assert.Equal(built.Sha256, ContentHash.OfFile(Store.Build(new(large, s_four), null, TestContext.Current.CancellationToken).Path));
    }

    [Fact]
    public void A_touched_but_equal_file_is_accepted()
    {
        ArtifactDescription built = Build(s_four);
        File.SetLastWriteTimeUtc(built.Path, DateTime.UtcNow.AddDays(-1));
        _steps.Clear();
        Build(s_four);
        Assert.Empty(_steps);
    }

    [Fact]
    public void What_dead_processes_left_is_swept_and_what_live_ones_hold_is_not()
    {
        string dead = Path.Combine(Root, ".partial", "dead"), alive = Path.Combine(Root, ".partial", "alive");
        string own = Path.Combine(Root, ".partial", ArtifactId.Of(_checkpoint.Sha256, s_four, "gguf", new Dictionary<string, DataFile>()));
        foreach (string partial in new[] { dead, alive, own })
        {
            Directory.CreateDirectory(partial);
            File.WriteAllText(Path.Combine(partial, "model.gguf"), "half");
        }
        using ProcessLock held = ProcessLock.TryAcquire(Path.Combine(Root, ".locks", "alive.lock"))!;
        Build(s_four);
        Assert.Equal([alive], Directory.GetDirectories(Path.Combine(Root, ".partial")));
    }

    [Fact]
    public async Task Several_at_once_build_once()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ArtifactDescription[] all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Build(s_four), cancellation)));
        Assert.Single(all.Select(a => a.Sha256).Distinct());
        Assert.Single(_steps, s => s.Contains("ptq", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failure_leaves_nothing()
    {
        Checkpoint bad = TinyModel.Checkpoint(TinyModel.Write(_folder.File("nan.gguf"), change: (name, values) =>
        {
            if (name == "output.weight") values[0] = float.NaN;
        }));
        Assert.Throws<EdgeBenchException>(() => Store.Build(new(bad, s_four), null, TestContext.Current.CancellationToken));
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Store.Build(new(_checkpoint, s_four), null, stop.Token));
        Assert.Empty(Directory.GetFiles(Root, "*.gguf*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetDirectories(Path.Combine(Root, ".partial")));
    }

    [Fact]
    public void A_cache_that_cannot_be_a_folder_is_exit_code_5()
    {
        File.WriteAllText(_folder.File("file"), "");
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(() =>
            new ArtifactStore(Path.Combine(_folder.File("file"), "artifacts")).Build(new(_checkpoint, s_four), null, TestContext.Current.CancellationToken));
        Assert.Equal(ExitCode.Infrastructure, problem.ExitCode);
    }

    private ArtifactDescription Build(RecipeSpec recipe) => Store.Build(new(_checkpoint, recipe), _steps, TestContext.Current.CancellationToken);

    private sealed class Steps : ConcurrentQueue<string>, IProgress<string>
    {
        public void Report(string value) => Enqueue(value);
    }
}
