using System.Text;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Gguf;

/// <summary>Files that are something else: the message says what.</summary>
public sealed class WrongFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("name: first-look\nmodels:\n", "a text file that starts 'name: first-look'")]
    [InlineData("Grüße aus Köln\n", "a text file")]
    [InlineData("<!DOCTYPE html><html><body>404</body></html>", "an HTML page")]
    [InlineData("  \n<html>", "an HTML page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00", "a Git LFS pointer")]
    [InlineData("PK\u0003\u0004 and so on", "a ZIP archive")]
    [InlineData("lmgg\u0001\0\0\0", "before GGUF")]
    [InlineData("\u0001\u0002\u0003\u0004\u0005", "starts with the bytes 0102030405")]
    [InlineData("G", "a text file")]
    public void A_message_says_what_the_file_looks_like(string content, string expected) => Assert.Contains(expected, Refusal(Encoding.UTF8.GetBytes(content)));

    [Fact]
    public void A_safetensors_file_is_recognised()
    {
        byte[] header = "{\"a\":{\"dtype\":\"F32\"}}"u8.ToArray();
        Assert.Contains("a safetensors file", Refusal([.. BitConverter.GetBytes((ulong)header.Length), .. header]));
    }

    [Fact]
    public void An_empty_file_a_folder_and_a_missing_file_are_named()
    {
        Assert.Contains("the file is empty", Refusal([]));
        Assert.Contains("this is a folder", Assert.Throws<EdgeBenchException>(() => GgufFile.Open(_folder.Path)).Message);
        EdgeBenchException missing = Assert.Throws<EdgeBenchException>(() => GgufFile.Open(_folder.File("none.gguf")));
        Assert.Contains("no such file", missing.Message);
        Assert.Contains("none.gguf", missing.Message);
    }

    private string Refusal(byte[] content)
    {
        File.WriteAllBytes(_folder.File("model.gguf"), content);
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => GgufFile.Open(_folder.File("model.gguf")));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.All(error.Problems, problem => Assert.NotNull(problem.Remedy));
        return error.Message;
    }
}
