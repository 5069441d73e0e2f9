using CsCheck;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Sources;
using EdgeBench.Models.Tflite;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Tflite;

public sealed class TfliteFileTests : IDisposable
{
    // Buffer 0 is the empty one that activations point to.
    private static readonly byte[] s_model = FlatWriter.Model([0, 48, 10, 5],
        [(9, [3, 16], 1), (0, [1, 8], 0), (2, [2], 2)], [(9, [48], 1), (17, [10], 3)]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Constants_are_summed_by_type_and_a_shared_buffer_counts_once()
    {
        TfliteFile file = Read(s_model);
        Assert.Equal([new TypeUsage("i8", 1, 48, 48), new TypeUsage("i32", 1, 2, 10), new TypeUsage("i4", 1, 10, 5)], file.Types);
        Assert.Equal(s_model.Length, file.FileBytes);
    }

    [Fact]
    public async Task A_file_source_takes_it_as_it_is()
    {
        File.WriteAllBytes(_folder.File("m.tflite"), s_model);
        ModelSpec model = new() { Name = "m", Source = "file:m.tflite" };
        SourceContext context = new(_folder.Path, _folder.File("cache"));
        Assert.Equal(("tflite", (long?)s_model.Length), (new FileSource().Outline(model, context).Format, new FileSource().Outline(model, context).FileBytes));
        Checkpoint checkpoint = await new FileSource().ResolveAsync(model, context, TestContext.Current.CancellationToken);
        Assert.Equal(("tflite", _folder.File("m.tflite"), Core.IO.ContentHash.OfFile(_folder.File("m.tflite"))), (checkpoint.Format, checkpoint.Path, checkpoint.Sha256));
    }

    [Theory]
    [InlineData(1000, 1)]
    [InlineData(int.MaxValue, 2)]
    [InlineData(-1, 1)]
    public void A_shape_that_its_bytes_cannot_hold_is_refused(int dimension, int times) =>
        Assert.Contains("a shape that its bytes can hold", Refused(FlatWriter.Model([0, 4], [(9, [.. Enumerable.Repeat(dimension, times)], 1)])), StringComparison.Ordinal);

    [Fact]
    public void A_buffer_that_is_not_there_is_refused() => Assert.Contains("buffer 7", Refused(FlatWriter.Model([0], [(9, [1], 7)])), StringComparison.Ordinal);

    [Fact]
    public void Another_file_is_refused() => Assert.Contains("TFL3", Refused("GGUF and more"u8.ToArray()), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_refused() =>
        Assert.Equal(ExitCode.BadInput, Assert.Throws<EdgeBenchException>(() => TfliteFile.Read(_folder.File("none.tflite"))).ExitCode);

    [Fact]
    public void Every_truncation_is_refused_or_whole()
    {
        for (int length = 0; length < s_model.Length; length++)
        {
            try
            {
                Assert.Equal(Read(s_model).Types, Read(s_model[..length]).Types);
            }
            catch (EdgeBenchException refusal)
            {
                Assert.Equal(ExitCode.BadInput, refusal.ExitCode);
            }
        }
    }

    [Fact]
    public void No_damage_does_more_than_be_refused_or_describe_what_fits_the_file() =>
        Gen.Select(Gen.Int[0, s_model.Length - 1], Gen.Byte).Array[1, 8].Sample(damage =>
        {
            byte[] bytes = [.. s_model];
            foreach ((int at, byte value) in damage) bytes[at] = value;
            try
            {
                Assert.InRange(Read(bytes).Types.Sum(type => type.Bytes), 0, bytes.Length);
            }
            catch (EdgeBenchException refusal)
            {
                Assert.Equal(ExitCode.BadInput, refusal.ExitCode);
            }
        }, iter: 1000, threads: 1);

    private string Refused(byte[] bytes)
    {
        EdgeBenchException refusal = Assert.Throws<EdgeBenchException>(() => Read(bytes));
        Assert.Equal(ExitCode.BadInput, refusal.ExitCode);
        Assert.Contains(_folder.Path, refusal.Message, StringComparison.Ordinal);
        return refusal.Message;
    }

    private TfliteFile Read(byte[] bytes)
    {
        string path = _folder.File("model.tflite");
        File.WriteAllBytes(path, bytes);
        return TfliteFile.Read(path);
    }
}
