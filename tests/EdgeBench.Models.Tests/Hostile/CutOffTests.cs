using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Safetensors;
using EdgeBench.Models.Tests.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Hostile;

/// <summary>Files that get shorter while they are open: an error, where reading a map would end the process.</summary>
public sealed class CutOffTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_GGUF_file_that_is_cut_off_after_opening_is_refused_with_both_lengths()
    {
        string path = _folder.File("a.gguf");
        File.WriteAllBytes(path, SmallFile.Bytes());
        using GgufFile file = GgufFile.Open(path);
        Assert.Equal(40, file.Data(file.Find("embedding")!).Length);
        Truncate(path, 100);
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => file.Data(file.Find("embedding")!).Length);
        Assert.Equal(ExitCode.Infrastructure, error.ExitCode);
        Assert.Contains("100 bytes now", error.Message);
        Assert.Contains($"{file.FileBytes}", error.Message);
    }

    [Fact]
    public void A_safetensors_file_that_is_cut_off_after_opening_is_refused_likewise()
    {
        string path = _folder.File("a.safetensors");
        File.WriteAllBytes(path, SafetensorsBytes.File(SafetensorsBytes.Tensor("a", "F32", "[2]", "[0,8]"), 8));
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Truncate(path, 10);
        Assert.Contains("10 bytes now", Assert.Throws<EdgeBenchException>(() => file.Data(file.Tensors[0], 0, 8).Length).Message);
    }

    // By another handle and without .NET's advisory lock, as another program would.
    private static void Truncate(string path, int bytes)
    {
        using System.Diagnostics.Process truncate = System.Diagnostics.Process.Start("truncate", ["-s", $"{bytes}", path]);
        truncate.WaitForExit();
        Assert.Equal(0, truncate.ExitCode);
    }
}
