using CsCheck;
using EdgeBench.Core.Problems;

namespace EdgeBench.HuggingFace.Tests;

public class NameTests
{
    [Theory]
    [InlineData("hf:")]
    [InlineData("hf:tiny")]
    [InlineData("hf:acme/tiny/more")]
    [InlineData("hf:acme/../tiny")]
    [InlineData("hf:../tiny")]
    [InlineData("hf:acme/..")]
    [InlineData("hf:acme/ti ny")]
    [InlineData("hf:acme/a--b")]
    [InlineData("hf:acme/tiny@")]
    [InlineData("hf:acme/tiny@../main")]
    [InlineData("hf:acme/tiny@/main")]
    [InlineData("hf:acme/tiny@a\nb")]
    [InlineData("hf:acme/tiny\n")]
    public async Task A_malformed_name_is_bad_input_and_nothing_is_asked(string source)
    {
        await using Hub hub = await Hub.StartAsync();
        Assert.Equal(ExitCode.BadInput, Assert.Throws<EdgeBenchException>(() => hub.Source().Outline(Hub.Spec(source), hub.Context)).ExitCode);
        Assert.Equal(ExitCode.BadInput, (await Assert.ThrowsAsync<EdgeBenchException>(() => hub.ResolveAsync(source))).ExitCode);
        Assert.Empty(hub.Server.Seen);
    }

    [Theory]
    [InlineData("../x.gguf")]
    [InlineData("/x.gguf")]
    [InlineData("a\\x.gguf")]
    [InlineData("x.safetensors")]
    [InlineData("")]
    public async Task A_malformed_file_is_bad_input(string file)
    {
        await using Hub hub = await Hub.StartAsync();
        Assert.Equal(ExitCode.BadInput, Assert.Throws<EdgeBenchException>(() => hub.Source().Outline(Hub.Spec(file: file), hub.Context)).ExitCode);
    }

    [Theory]
    [InlineData("HF_ENDPOINT", "hub.example")]
    [InlineData("HF_ENDPOINT", "ftp://hub.example")]
    [InlineData("HF_ENDPOINT", "https://user:password@hub.example")]
    [InlineData("HF_TOKEN", "hf_a b")]
    [InlineData("HF_TOKEN", "hf_a\nX-Evil: 1")]
    public async Task A_malformed_variable_is_named_without_its_value(string variable, string value)
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Variables[variable] = value;
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(() => hub.Source().Outline(Hub.Spec(), hub.Context));
        Assert.Equal(ExitCode.BadInput, problem.ExitCode);
        Assert.Contains(variable, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_a_source_says_its_outline_stays_inside_the_cache_or_is_bad_input()
    {
        await using Hub hub = await Hub.StartAsync();
        Gen.String[Gen.Char["ab./\\@-_~:\0\n %"], 0, 24].Sample(text =>
        {
            try
            {
                hub.Source().Outline(Hub.Spec("hf:" + text), hub.Context);
                return text.Split('@')[0].Split('/') is [_, _] && !text.Contains("..", StringComparison.Ordinal) && !text.Contains('\\', StringComparison.Ordinal);
            }
            catch (EdgeBenchException problem)
            {
                return problem.ExitCode == ExitCode.BadInput;
            }
        }, iter: 2000);
    }
}
