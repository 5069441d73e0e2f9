using System.Security.Cryptography;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources;
using EdgeBench.Models.Sources.Synthetic;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Sources;

public sealed class RandomSourceTests : IDisposable
{
    private static readonly TransformerShape s_tiny = new()
    {
        Architecture = "qwen2",
        Layers = 2,
        Width = 64,
        Heads = 4,
        KvHeads = 2,
        Ffn = 96,
        Vocabulary = 20_001,
        Context = 128,
        TiedEmbeddings = true,
        AttentionBias = true,
    };

    private readonly TemporaryFolder _folder = new();

    private SourceContext Context => new(_folder.Path, _folder.Path);

    public void Dispose() => _folder.Dispose();

    // Changing this hash means raising RandomWeights.Version: stored results would otherwise name other bytes.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void The_bytes_are_the_recorded_ones_on_any_number_of_threads(int threads)
    {
        string path = _folder.File($"{threads}.gguf");
        Write(new RandomCheckpoint(s_tiny, 1), path, threads);
        Assert.Equal("a37791932e3dd90db3010a2fb7020216ede7bcb69c21d4ded86ee2712ce1265c", ContentHash.OfFile(path));
    }

    // Computed by another program (Python's integers and struct's half floats) from the definition in RandomWeights.
    [Theory]
    [InlineData("token_embd.weight", "71d866960cbe4e0b22194f2624b538ec0f0ff102aebe9201df3aa3fc2cf2e83f")]
    [InlineData("blk.1.attn_output.weight", "d7a1e2bf4dbd9e5670c05aea8dcb180255130ea9598359e297b65b568bcc29f8")]
    [InlineData("blk.0.attn_k.bias", "de10d0785be5df70283730b4545ce64be1a24e563f2e22410c4a9686b0b20b35")]
    public void A_tensors_bytes_are_those_of_another_implementation(string name, string expected)
    {
        Write(new RandomCheckpoint(s_tiny, 1), _folder.File("a.gguf"), 2);
        using GgufFile file = GgufFile.Open(_folder.File("a.gguf"));
        Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(file.Data(file.Find(name)!))));
    }

    // Reference outputs of SplitMix64 for the seed 1234567 (rosettacode.org, "Pseudo-random numbers/Splitmix64").
    [Fact]
    public void The_generator_is_SplitMix64() =>
        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(counter => CounterRandom.At(1234567, (ulong)counter)));

    [Fact]
    public void Another_seed_gives_other_weights_and_another_identity()
    {
        RandomCheckpoint first = new(s_tiny, 1), second = new(s_tiny, 2);
        Assert.NotEqual(first.Identity, second.Identity);
        Write(first, _folder.File("1.gguf"), 1);
        Write(second, _folder.File("2.gguf"), 1);
        using GgufFile one = GgufFile.Open(_folder.File("1.gguf")), two = GgufFile.Open(_folder.File("2.gguf"));
        Assert.False(one.Data(one.Find("blk.0.attn_q.weight")!).SequenceEqual(two.Data(two.Find("blk.0.attn_q.weight")!)));
    }

    [Fact]
    public void Weights_have_the_promised_moments_and_differ_from_tensor_to_tensor()
    {
        Write(new RandomCheckpoint(s_tiny, 1), _folder.File("a.gguf"), 2);
        using GgufFile file = GgufFile.Open(_folder.File("a.gguf"));
        AssertDeviation(file, "token_embd.weight", 0.02);
        AssertDeviation(file, "blk.1.ffn_gate.weight", 0.02);
        AssertDeviation(file, "blk.1.ffn_down.weight", 0.01);
        Assert.All(Values(file, "blk.0.attn_norm.weight"), value => Assert.Equal(1f, value));
        Assert.NotEqual(0, Values(file, "blk.0.attn_q.bias")[0]);
        Assert.Equal(6, new[] { "blk.0.attn_q.weight", "blk.0.attn_k.weight", "blk.0.attn_v.weight", "blk.1.attn_q.weight", "blk.1.attn_k.weight", "blk.1.attn_v.weight" }
            .Select(name => Values(file, name)[0]).Distinct().Count());
    }

    [Fact]
    public void The_file_says_what_it_is()
    {
        RandomCheckpoint checkpoint = new(s_tiny, 1);
        Write(checkpoint, _folder.File("a.gguf"), 1);
        using GgufFile file = GgufFile.Open(_folder.File("a.gguf"));
        Assert.Equal(checkpoint.FileBytes, file.FileBytes);
        Assert.True(RandomCheckpoint.IsRandom(file));
        Assert.Equal(s_tiny with { HeadDim = 16, NormEpsilon = (float)s_tiny.NormEpsilon }, file.Shape);
        string[] tokens = file.Metadata["tokenizer.ggml.tokens"].AsArray()!.AsTexts()!;
        Assert.Equal(s_tiny.Vocabulary, tokens.Distinct().Count());
    }

    [Fact]
    public async Task A_checkpoint_is_planned_written_once_and_reused()
    {
        ModelSpec model = new() { Name = "m", Source = "random:", Shape = s_tiny };
        IModelSource source = ModelSourceRegistry.For(model);
        CheckpointOutline before = source.Outline(model, Context);
        Assert.False(before.Present);
        Checkpoint made = await source.ResolveAsync(model, Context, TestContext.Current.CancellationToken);
        Assert.Equal(before.FileBytes, made.Bytes);
        Assert.Equal(ContentHash.OfFile(made.Path), made.Sha256);
        Assert.True(made.RandomWeights);
        DateTime written = File.GetLastWriteTimeUtc(made.Path);
        Assert.True(source.Outline(model, Context).Present);
        Assert.Equal(made, await source.ResolveAsync(model, Context, TestContext.Current.CancellationToken));
        Assert.Equal(written, File.GetLastWriteTimeUtc(made.Path));
    }

    [Fact]
    public async Task A_checkpoint_that_was_cut_is_written_again()
    {
        ModelSpec model = new() { Name = "m", Source = "random:", Shape = s_tiny };
        RandomSource source = new();
        Checkpoint made = await source.ResolveAsync(model, Context, TestContext.Current.CancellationToken);
        using (FileStream stream = File.OpenWrite(made.Path)) stream.SetLength(1000);
        Assert.False(source.Outline(model, Context).Present);
        Assert.Equal(made, await source.ResolveAsync(model, Context, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_cancelled_write_leaves_nothing()
    {
        using CancellationTokenSource cancelled = new();
        SourceContext context = Context with { Progress = new Cancelling(cancelled) };
        ModelSpec model = new() { Name = "m", Source = "random:llama-15m" };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new RandomSource().ResolveAsync(model, context, cancelled.Token));
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.Path, "checkpoints")));
    }

    [Fact]
    public async Task A_model_that_does_not_fit_on_the_disk_is_refused_before_writing()
    {
        TransformerShape huge = new() { Layers = 512, Width = 1 << 17, Heads = 1024, KvHeads = 1024, Ffn = 1 << 19, Vocabulary = 300 };
        DiskFullException error = await Assert.ThrowsAsync<DiskFullException>(() =>
            new RandomSource().ResolveAsync(new ModelSpec { Name = "huge", Source = "random:", Shape = huge }, Context, TestContext.Current.CancellationToken));
        Assert.Equal(ExitCode.Infrastructure, error.ExitCode);
        Assert.Contains("are free", error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("random:smollm-135m", "Did you mean 'smollm2-135m'?")]
    [InlineData("random:", "'random:' without a shape")]
    public void A_preset_that_does_not_exist_is_refused_when_planning(string source, string expected)
    {
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => new RandomSource().Outline(new ModelSpec { Name = "m", Source = source }, Context));
        Assert.Contains(expected, error.Message);
        Assert.Equal("models.m.source", Assert.Single(error.Problems).Path);
    }

    [Fact]
    public void A_shape_that_is_no_shape_is_refused_with_its_place()
    {
        ModelSpec model = new() { Name = "m", Source = "random:", Shape = s_tiny with { Layers = 0, Ffn = -1 } };
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => new RandomSource().Outline(model, Context));
        Assert.Equal(["models.m.shape", "models.m.shape"], error.Problems.Select(problem => problem.Path));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_removed_and_what_another_writes_is_not()
    {
        ModelSpec model = new() { Name = "m", Source = "random:", Shape = s_tiny };
        string file = $"checkpoints/{new RandomCheckpoint(s_tiny, 1).Identity}.gguf";
        Directory.CreateDirectory(_folder.File("checkpoints"));
        string stale = Partial($"{file}.999999999-a.partial", hours: 1), fresh = Partial($"{file}.999999999-b.partial", hours: 0);
        string alive = Partial($"{file}.{Environment.ProcessId}-c.partial", hours: 1);
        await new RandomSource().ResolveAsync(model, Context, TestContext.Current.CancellationToken);
        Assert.Equal([false, true, true], new[] { stale, fresh, alive }.Select(File.Exists));
    }

    [Fact]
    public void A_vocabulary_without_room_for_bytes_is_refused()
    {
        ModelSpec model = new() { Name = "m", Source = "random:", Shape = s_tiny with { Vocabulary = 259 } };
        Assert.Contains("at least 260", Assert.Throws<EdgeBenchException>(() => new RandomSource().Outline(model, Context)).Message);
    }

    private string Partial(string name, int hours)
    {
        File.WriteAllText(_folder.File(name), "");
        File.SetLastWriteTimeUtc(_folder.File(name), DateTime.UtcNow.AddHours(-hours));
        return _folder.File(name);
    }

    private static void Write(RandomCheckpoint checkpoint, string path, int threads) =>
        checkpoint.Write(path, threads, cancellation: TestContext.Current.CancellationToken);

    private static void AssertDeviation(GgufFile file, string name, double expected)
    {
        float[] values = Values(file, name);
        double deviation = Math.Sqrt(values.Average(value => (double)value * value)), mean = values.Average();
        // Five standard errors: of the mean, and of a uniform distribution's deviation (kurtosis 1.8).
        Assert.InRange(mean, -5 * expected / Math.Sqrt(values.Length), 5 * expected / Math.Sqrt(values.Length));
        Assert.InRange(deviation / expected, 1 - (2.3 / Math.Sqrt(values.Length)), 1 + (2.3 / Math.Sqrt(values.Length)));
    }

    private static float[] Values(GgufFile file, string name)
    {
        GgufTensor tensor = file.Find(name)!;
        float[] values = new float[tensor.Elements];
        file.Dequantise(tensor, 0, values);
        return values;
    }

    private sealed class Cancelling(CancellationTokenSource source) : IProgress<SourceProgress>
    {
        public void Report(SourceProgress value) => source.Cancel();
    }
}
