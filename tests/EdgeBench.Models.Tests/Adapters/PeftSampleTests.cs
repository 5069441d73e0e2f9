using EdgeBench.Core.Problems;
using EdgeBench.Models.Adapters;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Adapters;

/// <summary>Folders that PEFT 0.21 itself saved.</summary>
public sealed class PeftSampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lora-r8-qv", 8, 16, 2)]
    [InlineData("rslora-all-linear", 4, 16, 14)]
    public void A_folder_of_peft_comes_back_byte_for_byte_also_by_way_of_gguf(string name, int rank, double alpha, int targets)
    {
        string source = RepositoryFiles.Shared($"samples/peft-0.21.2/{name}");
        AdapterBase model = AdapterBase.Open(RepositoryFiles.Shared("samples/peft-0.21.2/tiny-base"));
        Adapter read = PeftFolder.Read(source);
        Assert.Equal(("tiny-base", rank, targets, 0.05 * (targets / 14)), (read.BaseModel, read.Rank, read.Targets.Count, read.Dropout));
        PeftFolder.Write(_folder.File("again"), read);
        GgufAdapter.Write(_folder.File("a.gguf"), read, model);
        Adapter back = GgufAdapter.Read(_folder.File("a.gguf"), model);
        // Alpha over the square root of the rank is 16 over the rank.
        Assert.Equal((alpha, false, read.Scale), (back.Alpha, back.IsRankStabilised, back.Scale));
        PeftFolder.Write(_folder.File("back"), back);
        byte[] expected = File.ReadAllBytes(Path.Combine(source, PeftFolder.Weights));
        Assert.Equal(expected, File.ReadAllBytes(_folder.File($"again/{PeftFolder.Weights}")));
        Assert.Equal(expected, File.ReadAllBytes(_folder.File($"back/{PeftFolder.Weights}")));
    }

    [Fact]
    public void What_dora_adds_is_not_dropped() =>
        Assert.Contains("use_dora", Assert.Throws<EdgeBenchException>(() => PeftFolder.Read(RepositoryFiles.Shared("samples/peft-0.21.2/dora-qkvo"))).Message);
}
