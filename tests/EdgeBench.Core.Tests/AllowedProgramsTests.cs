using System.Runtime.Versioning;
using CsCheck;
using EdgeBench.Core.IO;
using EdgeBench.Core.Programs;
using EdgeBench.Testing;

namespace EdgeBench.Core.Tests;

[SupportedOSPlatform("linux")]
public sealed class AllowedProgramsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File(AllowedPrograms.FileName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_device_without_a_list_allows_nothing_and_says_what_to_write()
    {
        Assert.Empty(AllowedPrograms.Read(File));
        ProgramRefusedException refusal = Refusal("llama-bench");
        Assert.Equal("this device allows no external program 'llama-bench'", refusal.Message);
        Assert.Contains($"write into '{File}': {{ \"llama-bench\": {{ \"path\": ", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_is_found_by_its_name_with_its_hash_in_either_case()
    {
        string path = Script();
        Write($$"""
            { // The owner's own words.
              "tool": { "path": "{{path}}", "sha256": "{{ContentHash.OfFile(path).ToUpperInvariant()}}", "arguments": ["--csv"] },
              "other": { "path": "/nowhere" },
            }
            """);
        Assert.Equal(["other", "tool"], AllowedPrograms.Read(File).Keys.Order());
        AllowedProgram found = AllowedPrograms.Find("tool", [], File);
        Assert.Equal((path, false), (found.Path, found.FreeArguments));
        Assert.Equal(["--csv"], found.Arguments);
    }

    [Fact]
    public void A_slip_of_the_name_is_told_the_nearest()
    {
        Write($$"""{ "llama-bench": { "path": "{{Script()}}" } }""");
        Assert.Contains("Did you mean 'llama-bench'?", Refusal("lama-bench").Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_of_a_configuration_pass_only_where_the_owner_says_so()
    {
        Write($$"""{ "fixed": { "path": "{{Script()}}", "arguments": ["--csv"] }, "free": { "path": "{{Script()}}", "free_arguments": true } }""");
        ProgramRefusedException refusal = Refusal("fixed", "-c");
        Assert.True(refusal.ByArguments);
        Assert.Contains("does not let a configuration give arguments to 'fixed'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("\"free_arguments\": true", refusal.Remedy, StringComparison.Ordinal);
        Assert.True(AllowedPrograms.Find("free", ["-c"], File).FreeArguments);
        Assert.False(Refusal("absent", "-c").ByArguments);
    }

    [Theory]
    [InlineData("""{ "tool": { "path": "relative/tool" } }""", "is no absolute path")]
    [InlineData("""{ "tool": { "path": "/nowhere/tool" } }""", "is not there")]
    [InlineData("""{ "tool": { "path": "/tmp" } }""", "is not there")]
    [InlineData("""{ "tool": { "path": "/etc/passwd" } }""", "is not executable")]
    [InlineData("""{ "tool": { "path": "/bin/sh", "sha256": "00" } }""", "has SHA-256")]
    [InlineData("""{ "tool": { "path": "/bin/sh", "arguments": [null] } }""", "are no texts")]
    [InlineData("""{ "tool": { "path": "/bin/sh", "arguments": "--csv" } }""", "cannot be understood")]
    [InlineData("""{ "tool": { "path": "/bin/sh", "argument": [] } }""", "cannot be understood")]
    [InlineData("""{ "tool": { "path": "/bin/sh" }, "tool": { "path": "/bin/ls" } }""", "cannot be understood")]
    [InlineData("""{ "tool": {} }""", "cannot be understood")]
    [InlineData("""{ "tool": "/bin/sh" }""", "cannot be understood")]
    [InlineData("""{ "tool": null }""", "holds null")]
    [InlineData("""[]""", "cannot be understood")]
    [InlineData("null", "holds null")]
    [InlineData("{", "cannot be understood")]
    [InlineData("", "cannot be understood")]
    public void A_list_that_is_wrong_is_refused_with_its_reason(string json, string reason)
    {
        Write(json);
        ProgramRefusedException refusal = Refusal("tool");
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(File, refusal.Message + refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_others_can_write_is_not_trusted()
    {
        Write("""{ "tool": { "path": "/bin/sh" } }""");
        foreach (UnixFileMode writer in new[] { UnixFileMode.GroupWrite, UnixFileMode.OtherWrite })
        {
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | writer);
            Assert.Contains("can be written by others", Refusal("tool").Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("../../bin/sh")]
    [InlineData("/bin/sh")]
    [InlineData("")]
    public void A_path_is_no_name_of_an_entry(string name)
    {
        Write("""{ "tool": { "path": "/bin/sh" } }""");
        Assert.Contains("allows no external program", Refusal(name).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_stands_in_the_list_is_read_or_refused() => Gen.String[Gen.Char["{}[]\":,ptah/\\ 01nul"], 0, 60].Sample(text =>
    {
        Write(text);
        try
        {
            return AllowedPrograms.Read(File).Count >= 0;
        }
        catch (ProgramRefusedException refusal)
        {
            return refusal.Remedy.Length > 0;
        }
    }, threads: 1);

    private ProgramRefusedException Refusal(string name, params string[] given) => Assert.Throws<ProgramRefusedException>(() => AllowedPrograms.Find(name, given, File));

    private void Write(string json)
    {
        System.IO.File.WriteAllText(File, json);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string Script()
    {
        string path = _folder.File("script");
        System.IO.File.WriteAllText(path, "#!/bin/sh\n");
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
